package io.bitdelta.ipfs.pin;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.cid.Cid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Replaces what a scrub found damaged or missing by good copies from elsewhere. */
public final class Repair {
    private Repair() {}

    /** Brings back what {@code remote} has, and returns the blocks that were brought back. */
    public static List<Cid> run(Blockstore store, ScrubReport report, BlockSource remote) throws IOException {
        List<Cid> repaired = new ArrayList<>();
        for (ScrubReport.Finding finding : report.findings()) {
            Optional<Block> block = remote.get(finding.cid());
            if (block.isPresent()) {
                store.put(block.get());
                repaired.add(finding.cid());
            }
        }
        return repaired;
    }
}
