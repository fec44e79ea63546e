package io.bitdelta.node.royalty;

import io.bitdelta.attestation.sign.EvmSignature;

/**
 * An ERC-2612 permit of a payer for the royalties contract.
 *
 * @param deadline Unix seconds
 * @param signature of the token's {@code Permit}
 */
public record Permit(long deadline, EvmSignature signature) {}
