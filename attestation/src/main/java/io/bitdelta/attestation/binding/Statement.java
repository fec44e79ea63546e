package io.bitdelta.attestation.binding;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import java.util.Arrays;

/**
 * What evidence says about a delta (FORMATS section 6). Keccak, because the chain recomputes it; fixed width, never
 * packed.
 *
 * @param chainId the registry's chain
 * @param registry the registry's address
 * @param deltaId the delta, or zero at the registration of a session key
 * @param nonce the verifier's challenge
 * @param dpParamsHash hash of the manifest's privacy parameters, or zero
 * @param sessionKeyHash {@link #sessionKeyHash}, or zero
 * @param gpuEvidenceHash Keccak-256 of the GPU report, or zero
 * @param expiry Unix seconds
 */
public record Statement(
        long chainId,
        EvmAddress registry,
        Bytes32 deltaId,
        Bytes32 nonce,
        Bytes32 dpParamsHash,
        Bytes32 sessionKeyHash,
        Bytes32 gpuEvidenceHash,
        long expiry) {
    /** Length of report data in bytes. */
    public static final int REPORT_DATA_LENGTH = 64;

    private static final Bytes32 TAG = Keccak256.tag("statement");
    private static final Bytes32 GPU_TAG = Keccak256.tag("gpu");

    /** Refuses a chain id below 1 and a negative expiry. */
    public Statement {
        if (chainId < 1) {
            throw new IllegalArgumentException("chain id " + chainId + " is below 1");
        }
        if (expiry < 0) {
            throw new IllegalArgumentException("expiry " + expiry + " is negative");
        }
    }

    /** The statement without privacy claim, session key and GPU. */
    public static Statement of(long chainId, EvmAddress registry, Bytes32 deltaId, Bytes32 nonce, long expiry) {
        return new Statement(chainId, registry, deltaId, nonce, Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO, expiry);
    }

    /** The hash that a session key signs and report data carries. */
    public Bytes32 hash() {
        return new AbiWords()
                .word(TAG)
                .uint(chainId)
                .address(registry)
                .word(deltaId)
                .word(nonce)
                .word(dpParamsHash)
                .word(sessionKeyHash)
                .word(gpuEvidenceHash)
                .uint(expiry)
                .keccak();
    }

    /** 64 bytes: the hash, then 32 zero bytes. */
    public byte[] reportData() {
        return Arrays.copyOf(hash().bytes(), REPORT_DATA_LENGTH);
    }

    /** How a session key enters a statement. */
    public static Bytes32 sessionKeyHash(EvmAddress sessionKey) {
        return new AbiWords().address(sessionKey).keccak();
    }

    /** The challenge that a GPU gets, derived from the statement's nonce: the GPU attests first. */
    public static Bytes32 gpuNonce(Bytes32 nonce) {
        return Keccak256.of(GPU_TAG.bytes(), nonce.bytes());
    }
}
