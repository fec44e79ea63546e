package io.bitdelta.attestation.typed;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;

/**
 * A verifier's statement that a session key belongs to appraised evidence.
 *
 * @param sessionKey the attested key
 * @param technology Keccak-256 of the technology name
 * @param measurementHash Keccak-256 of the measurements
 * @param tier the tier code
 * @param evidenceHash Keccak-256 of the evidence without trailing bytes
 * @param expiry Unix seconds
 */
public record AppraisalMessage(
        EvmAddress sessionKey, Bytes32 technology, Bytes32 measurementHash, int tier, Bytes32 evidenceHash, long expiry)
        implements TypedStruct {
    /** The EIP-712 type. */
    public static final String TYPE =
            "Appraisal(address sessionKey,bytes32 technology,bytes32 measurementHash,uint8 tier,bytes32 evidenceHash,"
                    + "uint64 expiry)";

    /** Refuses values outside their Solidity types. */
    public AppraisalMessage {
        UintRange.check("tier", tier, 8);
        UintRange.check("expiry", expiry, 64);
    }

    @Override
    public String typeString() {
        return TYPE;
    }

    @Override
    public void encodeData(AbiWords words) {
        words.address(sessionKey)
                .word(technology)
                .word(measurementHash)
                .uint(tier)
                .word(evidenceHash)
                .uint(expiry);
    }
}
