package io.bitdelta.node.soup.dispute;

import io.bitdelta.engine.commit.LeafKind;

/**
 * One 32-byte word of a soup's result: 256 signs or 8 scales.
 *
 * @param tree signs (with their abstentions) or scales
 * @param chunk number of the 1024-byte chunk
 * @param word 0 to 31 within the chunk
 * @param tensor whose it is
 */
public record Place(LeafKind tree, long chunk, int word, String tensor) {
    @Override
    public String toString() {
        return "%s of %s, chunk %d word %d"
                .formatted(tree == LeafKind.SCALES ? "scales" : "signs", tensor, chunk, word);
    }
}
