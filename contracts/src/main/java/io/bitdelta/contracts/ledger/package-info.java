/**
 * Training records under anchored roots: the Java side of {@code TrainingLedger} (FORMATS section 8).
 *
 * <p>Start at {@link io.bitdelta.contracts.ledger.TrainingEpoch}: the records of one epoch give its root, its anchor and a
 * proof for each record, byte for byte what the contract computes. Hashes are 32 bytes everywhere.
 */
@NullMarked
package io.bitdelta.contracts.ledger;

import org.jspecify.annotations.NullMarked;
