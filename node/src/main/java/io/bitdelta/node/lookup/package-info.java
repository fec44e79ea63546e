/**
 * What the chain says, kept in the database: lookups by DID never touch the chain.
 *
 * <p>Entry: {@link io.bitdelta.node.lookup.Indexer} follows the contracts' events and undoes what a reorg took back;
 * {@link io.bitdelta.node.lookup.DeltaLookup} answers.
 */
@NullMarked
package io.bitdelta.node.lookup;

import org.jspecify.annotations.NullMarked;
