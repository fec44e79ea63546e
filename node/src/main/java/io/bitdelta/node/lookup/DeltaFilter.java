package io.bitdelta.node.lookup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.ipfs.cid.Cid;
import org.jspecify.annotations.Nullable;

/**
 * Which deltas; what is null does not matter, the rest must all hold.
 *
 * @param did the owner
 * @param base weights hash of the base
 * @param cid of the manifest, the evidence or, where this node holds the manifest, the delta file
 * @param hash the id, the delta root, the digest of manifest, evidence or receipt, or, where this node holds the manifest, the
 *     file's hash or its owner-free content root
 */
public record DeltaFilter(
        @Nullable LuxDid did,
        @Nullable Bytes32 base,
        @Nullable Cid cid,
        @Nullable Bytes32 hash) {
    /** All of them. */
    public static DeltaFilter all() {
        return new DeltaFilter(null, null, null, null);
    }

    /** Those of an owner. */
    public static DeltaFilter of(LuxDid did) {
        return new DeltaFilter(did, null, null, null);
    }

    /** Whether nothing but the owner matters. */
    boolean onlyDid() {
        return did != null && base == null && cid == null && hash == null;
    }
}
