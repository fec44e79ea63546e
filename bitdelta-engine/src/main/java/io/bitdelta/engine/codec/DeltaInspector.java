package io.bitdelta.engine.codec;

import io.bitdelta.engine.codec.InspectReport.ScaleReport;
import io.bitdelta.engine.codec.InspectReport.TensorReport;
import io.bitdelta.engine.commit.Sha256;
import io.bitdelta.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Describes a delta file. */
public final class DeltaInspector {
    private DeltaInspector() {}

    /** Reads the header alone; costs the same whatever the size of the file. */
    public static InspectReport header(Path path) throws IOException {
        return report(DeltaFile.readHeader(path), Files.size(path), List.of());
    }

    /** Reads and checks the whole file and describes every tensor. */
    public static InspectReport tensors(Path path) throws IOException {
        try (DeltaFile delta = DeltaFile.open(path)) {
            List<TensorReport> tensors = new ArrayList<>();
            for (LayoutEntry entry : delta.layout()) {
                tensors.add(
                        switch (entry) {
                            case LayoutEntry.Sign sign -> sign(delta, sign);
                            case LayoutEntry.Full full -> full(delta, full);
                            case LayoutEntry.LowRank lowRank -> lowRank(delta, lowRank);
                            case LayoutEntry.Core core -> core(delta, core);
                        });
            }
            return report(delta.header(), delta.size(), tensors);
        }
    }

    private static InspectReport report(DeltaHeader header, long bytes, List<TensorReport> tensors) {
        Map<String, Long> kinds = new TreeMap<>();
        header.layout().forEach(entry -> kinds.merge(kind(entry), 1L, Long::sum));
        DeltaMetadata metadata = header.metadata();
        return new InspectReport(
                1,
                metadata.baseHash().hex(),
                "ge",
                metadata.scales().text(),
                metadata.clipSigma().orElse("none"),
                metadata.domain(),
                bytes,
                bytes - header.dataBytes() - Long.BYTES,
                kinds,
                tensors);
    }

    private static String kind(LayoutEntry entry) {
        return switch (entry) {
            case LayoutEntry.Sign sign -> "sign";
            case LayoutEntry.Full full -> "full";
            case LayoutEntry.LowRank lowRank -> "lowrank";
            case LayoutEntry.Core core -> "core";
        };
    }

    private static TensorReport sign(DeltaFile delta, LayoutEntry.Sign sign) {
        MemorySegment plane = delta.signs(sign, 0);
        return new TensorReport(
                sign.name(),
                "sign",
                sign.shape().dims(),
                sign.dtype().name(),
                sign.granularity().toString(),
                sign.bits(),
                scales(delta.scales(sign, 0)),
                ones(plane),
                Sha256.of(plane).hex());
    }

    private static TensorReport full(DeltaFile delta, LayoutEntry.Full full) {
        return new TensorReport(
                full.name(),
                "full",
                full.shape().dims(),
                full.dtype().name(),
                "none",
                0,
                scales(),
                0,
                Sha256.of(delta.full(full)).hex());
    }

    private static TensorReport core(DeltaFile delta, LayoutEntry.Core core) {
        Tensor stored = delta.entry(core.coreName());
        return new TensorReport(
                core.name(),
                "core",
                core.shape().dims(),
                stored.dtype().name(),
                "none",
                core.bits(),
                scales(),
                0,
                Sha256.of(stored.data()).hex());
    }

    private static TensorReport lowRank(DeltaFile delta, LayoutEntry.LowRank lowRank) {
        MemorySegment a = delta.signs(lowRank.a(), 0);
        MemorySegment b = delta.signs(lowRank.b(), 0);
        return new TensorReport(
                lowRank.name(),
                "lowrank",
                lowRank.shape().dims(),
                lowRank.a().dtype().name(),
                lowRank.a().granularity().toString(),
                lowRank.bits(),
                scales(delta.scales(lowRank.a(), 0), delta.scales(lowRank.b(), 0)),
                ones(a) + ones(b),
                new Sha256().update(a).update(b).finish().hex());
    }

    private static ScaleReport scales(float[]... parts) {
        long count = 0;
        double sum = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = 0;
        for (float[] part : parts) {
            for (float scale : part) {
                count++;
                sum += scale;
                min = Math.min(min, scale);
                max = Math.max(max, scale);
            }
        }
        return count == 0 ? new ScaleReport(0, 0, 0, 0) : new ScaleReport(count, min, sum / count, max);
    }

    private static long ones(MemorySegment plane) {
        long ones = 0;
        long size = plane.byteSize();
        long at = 0;
        for (; at + Long.BYTES <= size; at += Long.BYTES) {
            ones += Long.bitCount(plane.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
        }
        for (; at < size; at++) {
            ones += Integer.bitCount(plane.get(ValueLayout.JAVA_BYTE, at) & 0xFF);
        }
        return ones;
    }
}
