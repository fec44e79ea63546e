package io.bitdelta.node.lookup;

/**
 * A published delta as the index knows it; hashes are 0x-hex.
 *
 * @param deltaId the registry's key
 * @param did its owner
 * @param baseHash weights hash of the base
 * @param deltaRoot commitment bound to the owner
 * @param manifestDigest SHA-256 of the manifest block
 * @param manifestCid the same as a CID
 * @param receiptHash hash of the compute receipt, zero without one
 * @param prev the delta of this owner and base that it follows, zero for the first
 * @param epsilonMilli privacy loss x 1000; without flag 2 it means "no guarantee"
 * @param flags 1 public, 2 DP claimed, 4 TEE evidence verified, 8 development evidence
 * @param evidenceDigest SHA-256 of the evidence block, zero without one
 * @param evidenceCid the same as a CID, empty without one
 * @param block where it was published
 * @param logIndex number of the event in the block
 * @param publishedAt time of the block, RFC 3339
 * @param tx publishing transaction
 * @param revoked whether its owner took it back
 */
public record DeltaRecord(
        String deltaId,
        String did,
        String baseHash,
        String deltaRoot,
        String manifestDigest,
        String manifestCid,
        String receiptHash,
        String prev,
        int epsilonMilli,
        int flags,
        String evidenceDigest,
        String evidenceCid,
        long block,
        int logIndex,
        String publishedAt,
        String tx,
        boolean revoked) {}
