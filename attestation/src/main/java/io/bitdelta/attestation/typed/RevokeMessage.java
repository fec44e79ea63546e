package io.bitdelta.attestation.typed;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;

/**
 * The owner's withdrawal of a delta.
 *
 * @param deltaId what is revoked
 * @param deadline Unix seconds
 */
public record RevokeMessage(Bytes32 deltaId, long deadline) implements TypedStruct {
    /** The EIP-712 type. */
    public static final String TYPE = "Revoke(bytes32 deltaId,uint256 deadline)";

    /** Refuses values outside their Solidity types. */
    public RevokeMessage {
        UintRange.check("deadline", deadline, 64);
    }

    @Override
    public String typeString() {
        return TYPE;
    }

    @Override
    public void encodeData(AbiWords words) {
        words.word(deltaId).uint(deadline);
    }
}
