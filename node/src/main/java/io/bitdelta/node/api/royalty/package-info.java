/**
 * Royalties and soups over HTTP: balances, statements, payments, claims, metered use, vouchers, settlements; and who is
 * paid by which soup.
 *
 * <p>Entries: {@link io.bitdelta.node.api.royalty.RoyaltyApi} and {@link io.bitdelta.node.api.royalty.SoupApi}. What the
 * node pays for runs as a job; everything else that moves money is handed out as calls for the caller's wallet.
 */
@NullMarked
package io.bitdelta.node.api.royalty;

import org.jspecify.annotations.NullMarked;
