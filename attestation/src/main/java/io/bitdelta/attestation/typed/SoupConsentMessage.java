package io.bitdelta.attestation.typed;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;

/**
 * The owner's consent to soups of stated terms.
 *
 * @param deltaId what may be mixed
 * @param termsHash the terms
 * @param deadline Unix seconds
 */
public record SoupConsentMessage(Bytes32 deltaId, Bytes32 termsHash, long deadline) implements TypedStruct {
    /** The EIP-712 type. */
    public static final String TYPE = "SoupConsent(bytes32 deltaId,bytes32 termsHash,uint256 deadline)";

    /** Refuses values outside their Solidity types. */
    public SoupConsentMessage {
        UintRange.check("deadline", deadline, 64);
    }

    @Override
    public String typeString() {
        return TYPE;
    }

    @Override
    public void encodeData(AbiWords words) {
        words.word(deltaId).word(termsHash).uint(deadline);
    }
}
