package io.bitdelta.engine.bench;

import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.DeltaHeader;
import io.bitdelta.engine.codec.DeltaMetadata;
import io.bitdelta.engine.codec.Granularity;
import io.bitdelta.engine.codec.LayoutEntry;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How long the header of a delta of a gigabyte takes to read; the file is sparse, because nobody looks at its data. */
final class LargeHeader {
    private static final double ALLOWED_SECONDS = 0.3;
    private static final int LAYERS = 80;
    private static final int ROWS = 8192;
    private static final int COLUMNS = 13312;

    private LargeHeader() {}

    static BenchResult measure(Path folder) throws IOException {
        List<DeltaHeader.Planned> planned = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            planned.add(new DeltaHeader.Planned(
                    new LayoutEntry.Sign(
                            "model.layers.%d.mlp.up_proj.weight".formatted(layer),
                            Dtype.BF16,
                            Shape.of(ROWS, COLUMNS),
                            Granularity.ROW,
                            1),
                    Dtype.F32,
                    false));
        }
        DeltaMetadata metadata = new DeltaMetadata(
                Hash32.ZERO, DeltaMetadata.ScaleOrigin.MEAN_ABS, Optional.empty(), DeltaMetadata.GENERAL);
        DeltaHeader header = DeltaHeader.place(metadata, planned);
        byte[] prefix = header.encode();
        Path file = folder.resolve("large.safetensors");
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.write(prefix);
            raw.setLength(prefix.length + header.dataBytes());
        }
        // The first reading, with cold code: what a fresh process pays.
        long start = System.nanoTime();
        DeltaHeader read = DeltaFile.readHeader(file);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (!read.equals(header)) {
            throw new IllegalStateException("the header of " + file + " was read differently from how it was written");
        }
        return new BenchResult("header-1gb", seconds, "s", ALLOWED_SECONDS, seconds / ALLOWED_SECONDS);
    }
}
