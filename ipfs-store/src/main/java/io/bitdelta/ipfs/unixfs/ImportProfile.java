package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockTooLargeException;
import io.bitdelta.ipfs.cid.Codec;
import io.bitdelta.ipfs.cid.Sha256Batch;
import java.util.List;

/**
 * How a file is cut and linked. All profiles are balanced: every leaf has the same depth.
 *
 * @param name what others call it
 * @param chunkBytes bytes per leaf
 * @param maxLinks links per inner node
 * @param rawLeaves whether leaves are raw blocks, or dag-pb nodes
 * @param version the version of the identifiers
 */
public record ImportProfile(String name, int chunkBytes, int maxLinks, boolean rawLeaves, int version) {
    /** IPIP-0499: 1 MiB raw leaves, 1024 links, version 1. What this project writes. */
    public static final ImportProfile UNIXFS_V1_2025 = new ImportProfile("unixfs-v1-2025", 1 << 20, 1024, true, 1);
    /** {@code ipfs add --cid-version=1} of Kubo before that profile. */
    public static final ImportProfile KUBO_CIDV1 = new ImportProfile("kubo-cidv1-256k-174", 1 << 18, 174, true, 1);
    /** {@code ipfs add} of Kubo: version 0. */
    public static final ImportProfile CIDV0 = new ImportProfile("cidv0", 1 << 18, 174, false, 0);

    /** Leaves fit into a block, inner nodes have at least two links, and version 0 has no raw leaves. */
    public ImportProfile {
        if (chunkBytes < 1 || chunkBytes > Block.MAX_BYTES - 64) {
            throw new IllegalArgumentException("chunks of " + chunkBytes + " bytes do not fit into blocks");
        }
        if (maxLinks < 2 || maxLinks > 8192) {
            throw new IllegalArgumentException("2 to 8192 links per node, not " + maxLinks);
        }
        if (version != 1 && (version != 0 || rawLeaves)) {
            throw new IllegalArgumentException("version 1, or version 0 without raw leaves; not version " + version);
        }
    }

    /** The profile of a name. */
    public static ImportProfile named(String name) {
        for (ImportProfile profile : new ImportProfile[] {UNIXFS_V1_2025, KUBO_CIDV1, CIDV0}) {
            if (profile.name.equals(name)) {
                return profile;
            }
        }
        throw new IllegalArgumentException("no import profile '" + name + "'; there are " + UNIXFS_V1_2025.name + ", "
                + KUBO_CIDV1.name + " and " + CIDV0.name);
    }

    Block node(byte[] encoded) throws BlockTooLargeException {
        Block block = Block.of(Codec.DAG_PB, encoded);
        return version == 0 ? block.toV0() : block;
    }

    /** The blocks of a file's chunks, in their order. */
    List<Block> leaves(List<byte[]> chunks, Sha256Batch sha256) throws BlockTooLargeException {
        if (rawLeaves) {
            return Block.all(Codec.RAW, chunks, sha256);
        }
        List<byte[]> nodes = chunks.stream()
                .map(chunk -> new PbNode(List.of(), UnixFsData.leaf(chunk).encode()).encode())
                .toList();
        List<Block> blocks = Block.all(Codec.DAG_PB, nodes, sha256);
        return version == 0 ? blocks.stream().map(Block::toV0).toList() : blocks;
    }
}
