package io.bitdelta.ipfs.pin;

import io.bitdelta.ipfs.cid.Cid;
import java.util.ArrayList;
import java.util.List;

/**
 * What a scrub found.
 *
 * @param checked every block read, in the order of identifiers
 * @param bytes of them
 * @param findings damaged and missing blocks and damaged nodes
 */
public record ScrubReport(List<Cid> checked, long bytes, List<Finding> findings) {
    /** Copies the lists. */
    public ScrubReport {
        checked = List.copyOf(checked);
        findings = List.copyOf(findings);
    }

    /** What is wrong with a block. */
    public enum Problem {
        /** Its bytes do not hash to its identifier, or are not what its codec promises. */
        CORRUPT,
        /** A pin needs it and it is not there. */
        MISSING,
        /** A public pin that a daemon should keep too, and does not. */
        NOT_MIRRORED
    }

    /**
     * One block with a problem.
     *
     * @param cid the block
     * @param problem what is wrong
     * @param detail one line that names the block and where it should be
     */
    public record Finding(Cid cid, Problem problem, String detail) {}

    /** This report with further findings. */
    public ScrubReport with(List<Finding> more) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(more);
        return new ScrubReport(checked, bytes, all);
    }

    /** Whether everything holds. */
    public boolean ok() {
        return findings.isEmpty();
    }
}
