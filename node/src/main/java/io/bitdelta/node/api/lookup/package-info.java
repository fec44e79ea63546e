/**
 * Lookups over HTTP: deltas and the training ledger, from the index alone.
 *
 * <p>Entry: {@link io.bitdelta.node.api.lookup.DeltaLookupApi}, {@link io.bitdelta.node.api.lookup.LedgerApi}.
 */
@NullMarked
package io.bitdelta.node.api.lookup;

import org.jspecify.annotations.NullMarked;
