package io.bitdelta.node.cli;

import io.bitdelta.node.lookup.DeltaRecord;
import java.io.PrintWriter;

/** A published delta for people. */
public final class DeltaText {
    private DeltaText() {}

    /** Prints one delta, a line per fact. */
    public static void print(PrintWriter out, DeltaRecord delta) {
        out.println("delta " + delta.deltaId() + (delta.revoked() ? " REVOKED" : ""));
        out.println("  owner     " + delta.did());
        out.println("  base      " + delta.baseHash());
        out.println("  manifest  " + delta.manifestCid());
        out.println("  evidence  " + (delta.evidenceCid().isEmpty() ? "none" : delta.evidenceCid()));
        out.println("  privacy   "
                + ((delta.flags() & 2) == 0 ? "no guarantee" : "epsilon " + delta.epsilonMilli() / 1000.0));
        out.println("  chain     block %d, transaction %s".formatted(delta.block(), delta.tx()));
    }
}
