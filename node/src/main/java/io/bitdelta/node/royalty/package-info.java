/**
 * Royalties: paying a soup, and claiming what its contributors earned.
 *
 * <p>Entry: {@link io.bitdelta.node.royalty.RoyaltyService}. Amounts are exact integers in the token's smallest unit.
 */
@NullMarked
package io.bitdelta.node.royalty;

import org.jspecify.annotations.NullMarked;
