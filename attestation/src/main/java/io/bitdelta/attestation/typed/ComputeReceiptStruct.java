package io.bitdelta.attestation.typed;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.Keccak256;
import java.math.BigInteger;

/**
 * A compute receipt (LP-105) as contracts hash it.
 *
 * @param srcChainId the chain of the request
 * @param dstChainId the chain of the result
 * @param jobId the job
 * @param modelHash weights hash of the base
 * @param deltaHash the delta root
 * @param outputCommit the file hash
 * @param teeHash hash of evidence that binds the delta root only, or zero
 * @param zkHash hash of a proof, or zero
 * @param startedAt Unix seconds
 * @param finishedAt Unix seconds, not before startedAt
 * @param meteringHash Keccak-256 of the metering document
 * @param citationsHash Keccak-256 of the citations document
 * @param workerLuxId who computed
 * @param requesterLuxId who asked
 */
public record ComputeReceiptStruct(
        BigInteger srcChainId,
        BigInteger dstChainId,
        BigInteger jobId,
        Bytes32 modelHash,
        Bytes32 deltaHash,
        Bytes32 outputCommit,
        Bytes32 teeHash,
        Bytes32 zkHash,
        long startedAt,
        long finishedAt,
        Bytes32 meteringHash,
        Bytes32 citationsHash,
        String workerLuxId,
        String requesterLuxId)
        implements TypedStruct {
    /** The EIP-712 type. */
    public static final String TYPE =
            "ComputeReceipt(uint256 srcChainId,uint256 dstChainId,uint256 jobId,bytes32 modelHash,bytes32 deltaHash,"
                    + "bytes32 outputCommit,bytes32 teeHash,bytes32 zkHash,uint64 startedAt,uint64 finishedAt,bytes32 meteringHash,"
                    + "bytes32 citationsHash,string workerLuxId,string requesterLuxId)";

    /** Refuses values outside their Solidity types. */
    public ComputeReceiptStruct {
        UintRange.check("srcChainId", srcChainId, 256);
        UintRange.check("dstChainId", dstChainId, 256);
        UintRange.check("jobId", jobId, 256);
        UintRange.check("startedAt", startedAt, 64);
        if (finishedAt < startedAt) {
            throw new IllegalArgumentException("finishedAt " + finishedAt + " is before startedAt " + startedAt);
        }
    }

    @Override
    public String typeString() {
        return TYPE;
    }

    @Override
    public void encodeData(AbiWords words) {
        words.uint(srcChainId)
                .uint(dstChainId)
                .uint(jobId)
                .word(modelHash)
                .word(deltaHash)
                .word(outputCommit)
                .word(teeHash)
                .word(zkHash)
                .uint(startedAt)
                .uint(finishedAt)
                .word(meteringHash)
                .word(citationsHash)
                .word(Keccak256.ofText(workerLuxId))
                .word(Keccak256.ofText(requesterLuxId));
    }
}
