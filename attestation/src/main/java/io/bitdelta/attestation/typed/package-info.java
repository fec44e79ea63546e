/**
 * EIP-712 typed data that owners, verifiers and workers sign. Every struct hash equals the one that the contracts compute. Entry: {@link io.bitdelta.attestation.typed.TypedStruct}.
 */
@NullMarked
package io.bitdelta.attestation.typed;

import org.jspecify.annotations.NullMarked;
