package io.bitdelta.engine.codec;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.kernel.ElementCodec;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.tensor.WeightsHash;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A PEFT LoRA adapter (arXiv 2106.09685) as a delta that stays low-rank: both factors become planes with a scale per row,
 * alpha / r folded into b. Scales are F16, and planes are taken off until the delta is no larger than the adapter.
 */
public final class LoraImporter {
    private static final String A_SUFFIX = "\\.lora_A(\\.[A-Za-z0-9_-]+)?\\.weight";
    private static final String PREFIX = "base_model.model.";

    private record Pair(String tensor, Tensor a, Tensor b, double scaling) {}

    private LoraImporter() {}

    /**
     * Writes the delta of an adapter.
     *
     * @param base the checkpoint that the adapter was trained on
     * @param adapter a folder with {@code adapter_config.json} and {@code adapter_model.safetensors}
     * @param bits planes per factor at most, 1 to 4
     * @throws MalformedAdapterException if the adapter does not fit the base, or even one plane would be larger than it
     */
    public static DeltaWriteReport importAdapter(Path base, Path adapter, Path out, int bits, int threads)
            throws IOException {
        AdapterConfig config = AdapterConfig.read(adapter.resolve("adapter_config.json"));
        try (Checkpoint checkpoint = Checkpoint.open(base);
                Checkpoint factors = Checkpoint.open(adapter.resolve("adapter_model.safetensors"));
                Workers workers = Workers.of(threads)) {
            List<Pair> pairs = pairs(checkpoint, factors, config);
            Hash32 baseHash = WeightsHash.of(checkpoint, workers, Progress.NONE);
            DeltaMetadata metadata = new DeltaMetadata(
                    baseHash, DeltaMetadata.ScaleOrigin.MEAN_ABS, Optional.empty(), DeltaMetadata.GENERAL);
            for (int planes = bits; planes >= 1; planes--) {
                DeltaHeader header = header(metadata, pairs, checkpoint, planes);
                if (header.encode().length + header.dataBytes() <= size(factors)) {
                    write(header, pairs, out, workers);
                    return DeltaWriteReport.of(out, planes, size(factors));
                }
            }
            throw new MalformedAdapterException(
                    adapter, "its factors are so small that even one bit per number would make the delta larger");
        }
    }

    private static long size(Checkpoint factors) throws IOException {
        return Files.size(factors.files().getFirst());
    }

    private static List<Pair> pairs(Checkpoint base, Checkpoint factors, AdapterConfig config) {
        List<Pair> pairs = new ArrayList<>();
        Path file = factors.files().getFirst();
        for (Tensor a : factors.tensors()) {
            if (a.name().matches(".*\\.lora_B(\\.[A-Za-z0-9_-]+)?\\.weight")) {
                continue;
            }
            if (!a.name().matches(".*" + A_SUFFIX)) {
                throw new MalformedAdapterException(file, "tensor " + a.name() + " is neither a lora_A nor a lora_B");
            }
            Tensor b = factors.tensor(a.name().replace(".lora_A", ".lora_B"))
                    .orElseThrow(() -> new MalformedAdapterException(file, "tensor " + a.name() + " has no lora_B"));
            String module = a.name().replaceFirst(A_SUFFIX + "$", "");
            String bare = module.startsWith(PREFIX) ? module.substring(PREFIX.length()) : module;
            Tensor target = base.tensor(bare + ".weight")
                    .orElseThrow(
                            () -> new MalformedAdapterException(file, "the base has no tensor " + bare + ".weight"));
            check(file, a, b, target);
            pairs.add(
                    new Pair(target.name(), a, b, config.scaling(bare, a.shape().rows())));
        }
        if (pairs.isEmpty()) {
            throw new MalformedAdapterException(file, "there are no lora_A and lora_B tensors");
        }
        if (2 * pairs.size() != factors.tensors().size()) {
            throw new MalformedAdapterException(file, "some lora_B has no lora_A");
        }
        return pairs;
    }

    private static void check(Path file, Tensor a, Tensor b, Tensor target) {
        boolean fits = a.shape().rank() == 2
                && b.shape().rank() == 2
                && target.shape().rank() == 2
                && a.dtype().floating()
                && b.dtype().floating()
                && target.dtype().floating()
                && a.shape().columns() == target.shape().columns()
                && b.shape().rows() == target.shape().rows()
                && a.shape().rows() == b.shape().columns()
                && a.shape().rows() >= 1
                && a.shape().rows()
                        <= Math.min(target.shape().rows(), target.shape().columns());
        if (!fits) {
            throw new MalformedAdapterException(
                    file,
                    "%s %s and %s %s do not fit %s %s"
                            .formatted(a.name(), a.shape(), b.name(), b.shape(), target.name(), target.shape()));
        }
    }

    private static DeltaHeader header(DeltaMetadata metadata, List<Pair> pairs, Checkpoint base, int bits) {
        List<DeltaHeader.Planned> planned = new ArrayList<>();
        for (Pair pair : pairs) {
            Tensor target = base.tensor(pair.tensor()).orElseThrow();
            planned.add(new DeltaHeader.Planned(
                    new LayoutEntry.LowRank(
                            pair.tensor(), target.shape(), pair.a().shape().rows(), bits),
                    Dtype.F16,
                    false));
        }
        return DeltaHeader.place(metadata, planned);
    }

    private static void write(DeltaHeader header, List<Pair> pairs, Path out, Workers workers) throws IOException {
        try (DeltaOutput output = DeltaOutput.create(out, header)) {
            for (LayoutEntry entry : header.layout()) {
                if (entry instanceof LayoutEntry.LowRank lowRank) {
                    Pair pair = pairs.stream()
                            .filter(p -> p.tensor().equals(lowRank.name()))
                            .findFirst()
                            .orElseThrow();
                    factor(output, lowRank.a(), pair.a(), 1, workers);
                    factor(output, lowRank.b(), pair.b(), pair.scaling(), workers);
                }
            }
            output.commit();
        }
    }

    private static void factor(
            DeltaOutput output, LayoutEntry.Sign sign, Tensor stored, double scaling, Workers workers) {
        FiniteWeights.check(stored);
        long count = stored.shape().count();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment numbers = arena.allocate(count * Float.BYTES, 64);
            for (long i = 0; i < count; i++) {
                double value = ElementCodec.read(
                        stored.dtype(), stored.data(), i * stored.dtype().width());
                numbers.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (value * scaling));
            }
            output.planes(sign, Dtype.F16, numbers, stored.file(), workers);
        }
    }
}
