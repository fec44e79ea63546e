package io.bitdelta.node.demo;

import io.bitdelta.ipfs.pin.ScrubReport;
import java.util.List;
import java.util.stream.Collectors;

/** Blocks of the content store are damaged or missing; the message names each. */
public final class StoreDamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreDamagedException(List<ScrubReport.Finding> findings) {
        super("the content store is damaged: "
                + findings.stream().map(ScrubReport.Finding::detail).collect(Collectors.joining("; ")));
    }
}
