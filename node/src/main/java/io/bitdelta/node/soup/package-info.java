/**
 * DeltaSoups: mixing published deltas by vote, with their owners' consents, and making the result final on the chain.
 *
 * <p>Entry: {@link io.bitdelta.node.soup.SoupService}.
 */
@NullMarked
package io.bitdelta.node.soup;

import org.jspecify.annotations.NullMarked;
