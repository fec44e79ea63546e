package io.bitdelta.attestation.typed;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;

/**
 * What a delta is: its struct hash is the delta id, the key of the registry, in no domain.
 *
 * @param identity the owner
 * @param baseHash weights hash of the base
 * @param deltaRoot commitment to the delta
 * @param manifestDigest SHA-256 of the manifest block
 * @param receiptHash struct hash of the receipt, or zero
 * @param epsilonMilli epsilon x 1000 rounded up; 0 without {@link #DP_CLAIMED}
 * @param flags of {@link #PUBLIC} and {@link #DP_CLAIMED}; the contract adds the others itself
 */
public record DeltaStruct(
        EvmAddress identity,
        Bytes32 baseHash,
        Bytes32 deltaRoot,
        Bytes32 manifestDigest,
        Bytes32 receiptHash,
        int epsilonMilli,
        int flags)
        implements TypedStruct {
    /** The EIP-712 type. */
    public static final String TYPE =
            "Delta(address identity,bytes32 baseHash,bytes32 deltaRoot,bytes32 manifestDigest,bytes32 receiptHash,"
                    + "uint24 epsilonMilli,uint8 flags)";

    /** Refuses values outside their Solidity types. */
    public DeltaStruct {
        UintRange.check("epsilonMilli", epsilonMilli, 24);
        if ((flags & ~(PUBLIC | DP_CLAIMED)) != 0) {
            throw new IllegalArgumentException(
                    "flags " + flags + ": a caller may set 1 (public) and 2 (DP claimed) only");
        }
        if ((flags & DP_CLAIMED) == 0 && epsilonMilli != 0) {
            throw new IllegalArgumentException("epsilonMilli " + epsilonMilli + " needs flag 2 (DP claimed)");
        }
    }

    @Override
    public String typeString() {
        return TYPE;
    }

    @Override
    public void encodeData(AbiWords words) {
        words.address(identity)
                .word(baseHash)
                .word(deltaRoot)
                .word(manifestDigest)
                .word(receiptHash)
                .uint(epsilonMilli)
                .uint(flags);
    }

    /** Flag: the plaintext is public. */
    public static final int PUBLIC = 1;

    /** Flag: differential privacy is claimed. */
    public static final int DP_CLAIMED = 2;

    /** The key in the registry. */
    public Bytes32 deltaId() {
        return structHash();
    }
}
