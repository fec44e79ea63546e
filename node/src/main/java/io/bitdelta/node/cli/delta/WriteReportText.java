package io.bitdelta.node.cli.delta;

import io.bitdelta.engine.codec.DeltaWriteReport;
import io.bitdelta.node.cli.Output;
import java.nio.file.Path;

/** Prints what was written, for the commands that make a delta from something other than two checkpoints. */
final class WriteReportText {
    private WriteReportText() {}

    static void print(Output output, Path out, DeltaWriteReport report) {
        output.result(report, text -> {
            text.printf("delta      %s%n", report.deltaHash());
            text.printf("file       %s (%,d bytes)%n", out, report.bytes());
            text.printf("file hash  %s%n", report.fileHash());
            text.printf("base       %s%n", report.baseHash());
            text.printf("tensors    %d, %d bit%n", report.tensors(), report.bits());
            text.printf("ratio      %.2f of %,d bytes%n", report.ratio(), report.originalBytes());
        });
    }
}
