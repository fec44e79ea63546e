package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.cid.Cid;
import org.jspecify.annotations.Nullable;

/**
 * A link of a dag-pb node.
 *
 * @param cid what it points to
 * @param name its name, or null where the block has none; the empty name is written and is another thing
 * @param treeBytes bytes of all blocks under it as the writer declared them ({@code Tsize}), or -1 where the block has none
 */
public record PbLink(Cid cid, @Nullable String name, long treeBytes) {
    /** Checks the declared size. */
    public PbLink {
        if (treeBytes < -1) {
            throw new IllegalArgumentException("negative tree size: " + treeBytes);
        }
    }

    /** The name, empty where there is none. */
    public String label() {
        return name == null ? "" : name;
    }
}
