/**
 * ComputeReceipt (LP-105): what was computed, by whom, from what. Entry: {@link io.bitdelta.attestation.receipt.ComputeReceipt}.
 */
@NullMarked
package io.bitdelta.attestation.receipt;

import org.jspecify.annotations.NullMarked;
