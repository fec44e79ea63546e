package io.bitdelta.ipfs.pin;

import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.cid.Cid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replaces what a scrub found damaged or missing by good copies from elsewhere. */
public final class Repair {
    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);

    private Repair() {}

    /** Brings back what one of {@code remotes} has, asked in order, and returns the blocks that were brought back. */
    public static List<Cid> run(Blockstore store, ScrubReport report, List<? extends BlockSource> remotes)
            throws IOException {
        List<Cid> repaired = new ArrayList<>();
        for (ScrubReport.Finding finding : report.findings()) {
            if (finding.problem() != ScrubReport.Problem.NOT_MIRRORED) {
                Optional<Block> block = find(finding.cid(), remotes);
                if (block.isPresent()) {
                    store.put(block.get());
                    repaired.add(finding.cid());
                }
            }
        }
        return repaired;
    }

    private static Optional<Block> find(Cid cid, List<? extends BlockSource> remotes) throws IOException {
        for (BlockSource remote : remotes) {
            try {
                Optional<Block> block = remote.get(cid);
                if (block.isPresent()) {
                    return block;
                }
            } catch (ContentException e) {
                LOG.warn("{} cannot help with {}: {}", remote.name(), cid, e.getMessage());
            }
        }
        return Optional.empty();
    }
}
