package io.bitdelta.engine.codec;

import io.bitdelta.engine.commit.DeltaCommitment;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A delta file that was written from something other than two checkpoints.
 *
 * @param deltaHash its content root
 * @param fileHash SHA-256 of the file
 * @param baseHash weights hash of its base
 * @param tensors tensors in it
 * @param bits planes per weight or factor, the same for all tensors made here
 * @param bytes its size
 * @param originalBytes size of what it was made from
 * @param ratio originalBytes / bytes
 */
public record DeltaWriteReport(
        String deltaHash,
        String fileHash,
        String baseHash,
        long tensors,
        int bits,
        long bytes,
        long originalBytes,
        double ratio) {
    /** Reads a finished file back, checks it and describes it. */
    static DeltaWriteReport of(Path out, int bits, long originalBytes) throws IOException {
        try (DeltaFile delta = DeltaFile.open(out)) {
            return new DeltaWriteReport(
                    DeltaCommitment.contentRoot(delta).hex(),
                    delta.fileHash().hex(),
                    delta.header().metadata().baseHash().hex(),
                    delta.layout().size(),
                    bits,
                    delta.size(),
                    originalBytes,
                    (double) originalBytes / delta.size());
        }
    }
}
