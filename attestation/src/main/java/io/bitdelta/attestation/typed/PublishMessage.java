package io.bitdelta.attestation.typed;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;

/**
 * The owner's consent to one publication.
 *
 * @param deltaId what is published
 * @param prev the current head, or zero
 * @param deadline Unix seconds
 */
public record PublishMessage(Bytes32 deltaId, Bytes32 prev, long deadline) implements TypedStruct {
    /** The EIP-712 type. */
    public static final String TYPE = "Publish(bytes32 deltaId,bytes32 prev,uint256 deadline)";

    /** Refuses values outside their Solidity types. */
    public PublishMessage {
        UintRange.check("deadline", deadline, 64);
    }

    @Override
    public String typeString() {
        return TYPE;
    }

    @Override
    public void encodeData(AbiWords words) {
        words.word(deltaId).word(prev).uint(deadline);
    }
}
