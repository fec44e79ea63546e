package io.bitdelta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.commit.ChunkProof;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Keccak256;
import io.bitdelta.engine.commit.LeafKind;
import io.bitdelta.engine.commit.MerkleTree;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the options of compress, merge and from-lora promise. */
class OptionsTest {
    @TempDir
    private Path folder;

    private CompressReport compress(String out, CompressOptions options) throws IOException {
        return DeltaCompressor.compress(
                TestModels.tiny("base"), TestModels.tiny("user-a"), folder.resolve(out), options, Progress.NONE);
    }

    @Test
    void theReportedErrorIsTheMeasuredOne() throws IOException {
        for (String granularity : List.of("tensor", "row", "column", "group:128", "group:50")) {
            CompressOptions options = CompressOptions.defaults()
                    .withGranularity(Granularity.parse(granularity).orElseThrow())
                    .withBits(2);
            double reported = compress("delta", options).relativeError();
            try (DeltaFile delta = DeltaFile.open(folder.resolve("delta"));
                    Checkpoint base = Checkpoint.open(TestModels.tiny("base"));
                    Checkpoint finetuned = Checkpoint.open(TestModels.tiny("user-a"));
                    Workers workers = Workers.of(2)) {
                double measured = ReconstructionError.relative(delta, TensorPairing.of(base, finetuned), workers);
                assertThat(reported).as(granularity).isCloseTo(measured, within(1e-5));
            }
        }
    }

    @Test
    void autoIsNeverWorseThanRowsOrColumns() throws IOException {
        double row = compress("row", CompressOptions.defaults()).relativeError();
        double column = compress("column", CompressOptions.defaults().withGranularity(Granularity.COLUMN))
                .relativeError();
        CompressReport auto = compress("auto", CompressOptions.defaults().withAutoGranularity());
        assertThat(auto.relativeError()).isLessThanOrEqualTo(Math.min(row, column));
        assertThat(auto.choices()).isNotEmpty();
    }

    @Test
    void everyKindOfDeltaVerifiesByRecomputation() throws IOException {
        List<CompressOptions> all = List.of(
                CompressOptions.defaults().withAutoGranularity().withBits(3),
                CompressOptions.defaults().withScaleType(Dtype.F16).withGranularity(Granularity.group(32)),
                CompressOptions.defaults().withClipSigma(OptionalDouble.of(2)).withBits(2),
                CompressOptions.defaults()
                        .withClipSigma(OptionalDouble.of(2.5))
                        .withBits(2)
                        .withGranularity(Granularity.COLUMN),
                CompressOptions.defaults().withRest(RestPolicy.ONEBIT).withGranularity(Granularity.TENSOR),
                CompressOptions.defaults().withBudget(OptionalLong.of(200_000)),
                CompressOptions.defaults().withPacking(Dtype.U8).withBits(2),
                CompressOptions.defaults().withBudget(OptionalLong.of(100_000)).withPacking(Dtype.U8));
        for (CompressOptions options : all) {
            compress("delta", options);
            VerifyReport report = DeltaVerifier.verify(
                    folder.resolve("delta"),
                    Optional.of(TestModels.tiny("base")),
                    Optional.of(TestModels.tiny("user-a")),
                    2,
                    Progress.NONE);
            assertThat(report.ok()).as(options + " " + report).isTrue();
        }
    }

    @Test
    void aBudgetIsKeptAndMoreBytesNeverHurt() throws IOException {
        double last = 1.1;
        for (long budget : new long[] {20_000, 400_000, 8_000_000}) {
            CompressReport report = compress("delta", CompressOptions.defaults().withBudget(OptionalLong.of(budget)));
            assertThat(report.bytes()).isLessThanOrEqualTo(budget);
            double error = report.curve().getLast().relativeError();
            assertThat(error).isLessThan(last);
            assertThat(report.curve().getLast().bytes()).isEqualTo(report.bytes());
            last = error;
        }
        assertThat(last).isZero();
        assertThatThrownBy(() -> compress("none", CompressOptions.defaults().withBudget(OptionalLong.of(100))))
                .isInstanceOf(BudgetTooSmallException.class);
    }

    @Test
    void patternsMoveTensorsInAndOut() throws IOException {
        compress(
                "delta",
                CompressOptions.defaults().withPatterns(List.of("*embed_tokens*"), List.of("model.layers.0.*")));
        for (LayoutEntry entry : DeltaFile.readHeader(folder.resolve("delta")).layout()) {
            if (entry.name().contains("embed_tokens")) {
                assertThat(entry).isInstanceOf(LayoutEntry.Sign.class);
            }
            if (entry.name().startsWith("model.layers.0.")) {
                assertThat(entry).isInstanceOf(LayoutEntry.Full.class);
            }
        }
    }

    @Test
    void extraMissingAndGrownTensorsAreReportedAndNeverSilent() throws IOException {
        Path base = new TestModels()
                .tensor("model.embed.weight", Dtype.F32, Shape.of(2, 2), 1, 2, 3, 4)
                .tensor("model.gone.weight", Dtype.F32, Shape.of(1, 2), 1, 1)
                .tensor("model.w.weight", Dtype.F32, Shape.of(2, 2), 0, 0, 0, 0)
                .write(folder.resolve("base.safetensors"));
        Path finetuned = new TestModels()
                .tensor("embed.weight", Dtype.F32, Shape.of(3, 2), 1, 2, 3, 4, 5, 6)
                .tensor("new.weight", Dtype.F32, Shape.of(1, 2), 7, 8)
                .tensor("w.weight", Dtype.F32, Shape.of(2, 2), 1, -1, 1, -1)
                .write(folder.resolve("finetuned.safetensors"));
        Path delta = folder.resolve("delta");
        CompressReport report =
                DeltaCompressor.compress(base, finetuned, delta, CompressOptions.defaults(), Progress.NONE);
        assertThat(report.extra()).containsExactly("new.weight");
        assertThat(report.missing()).containsExactly("model.gone.weight");
        DeltaApplier.apply(delta, base, folder.resolve("rebuilt"));
        try (Checkpoint rebuilt = Checkpoint.open(folder.resolve("rebuilt"))) {
            assertThat(numbers(rebuilt, "model.embed.weight")).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(numbers(rebuilt, "new.weight")).containsExactly(7, 8);
            assertThat(numbers(rebuilt, "model.w.weight")).containsExactly(1, -1, 1, -1);
            assertThat(numbers(rebuilt, "model.gone.weight")).containsExactly(1, 1);
        }
        assertThatThrownBy(() -> DeltaCompressor.compress(
                        base, finetuned, delta, CompressOptions.defaults().withStrict(true), Progress.NONE))
                .isInstanceOf(UnpairedTensorException.class);
    }

    private static float[] numbers(Checkpoint checkpoint, String name) {
        Tensor tensor = checkpoint.tensor(name).orElseThrow();
        return tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    @Test
    void aRememberedHashIsUsedUntilTheFileChanges() throws IOException {
        CompressOptions options = CompressOptions.defaults().withHashCache(Optional.of(folder.resolve("cache")));
        String first = compress("a", options).fileHash();
        assertThat(folder.resolve("cache").toFile().list()).hasSize(1);
        assertThat(compress("b", options).fileHash()).isEqualTo(first);
    }

    @Test
    void everyChunkOfADeltaIsProvenUnderItsRoot() throws IOException {
        compress("delta", CompressOptions.defaults().withGranularity(Granularity.group(64)));
        byte[] identity = new byte[20];
        identity[3] = 7;
        Hash32 salt = Keccak256.hash(identity);
        try (DeltaFile delta = DeltaFile.open(folder.resolve("delta"))) {
            DeltaCommitment roots = DeltaCommitment.of(delta, identity, salt);
            for (long index : new long[] {0, 1, roots.nSigns() / 2, roots.nSigns() - 1}) {
                ChunkProof proof = ChunkProof.of(delta, LeafKind.SIGNS, index, identity, salt);
                assertThat(proof.leaves()).isEqualTo(roots.nSigns());
                assertThat(MerkleTree.verify(
                                roots.signsRoot(), proof.leaves(), index, proof.leaf(identity), proof.siblings()))
                        .isTrue();
            }
            ChunkProof scales = ChunkProof.of(delta, LeafKind.SCALES, roots.nScales() - 1, identity, salt);
            assertThat(MerkleTree.verify(
                            roots.scalesRoot(),
                            roots.nScales(),
                            scales.index(),
                            scales.leaf(identity),
                            scales.siblings()))
                    .isTrue();
            assertThatThrownBy(() -> ChunkProof.of(delta, LeafKind.SIGNS, roots.nSigns(), identity, salt))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void mergingADeltaWithItselfChangesNoSign() throws IOException {
        compress("a", CompressOptions.defaults());
        DeltaMerger.merge(List.of(folder.resolve("a"), folder.resolve("a")), folder.resolve("merged"), 2);
        DiffReport diff = DeltaDiff.diff(folder.resolve("a"), folder.resolve("merged"));
        assertThat(diff.sameBase()).isTrue();
        assertThat(diff.hamming()).isZero();
        assertThat(diff.onlyFirst()).isEmpty();
        assertThat(diff.onlySecond()).isEmpty();
    }

    @Test
    void anAdapterStaysLowRankAndSmallerThanItWas() throws IOException {
        Random random = new Random(5);
        int rank = 4;
        double[] a = random.doubles(rank * 192L, -1, 1).toArray();
        double[] b = random.doubles(256L * rank, -0.01, 0.01).toArray();
        Path adapter = Files.createDirectory(folder.resolve("adapter"));
        String module = "base_model.model.model.layers.0.self_attn.q_proj.";
        new TestModels()
                .tensor(module + "lora_A.weight", Dtype.F32, Shape.of(rank, 192), a)
                .tensor(module + "lora_B.weight", Dtype.F32, Shape.of(256, rank), b)
                .write(adapter.resolve("adapter_model.safetensors"));
        Files.writeString(
                adapter.resolve("adapter_config.json"),
                "{\"peft_type\":\"LORA\",\"r\":4,\"lora_alpha\":8,\"bias\":\"none\"}");
        Path out = folder.resolve("lora");
        DeltaWriteReport report = LoraImporter.importAdapter(TestModels.tiny("base"), adapter, out, 4, 2);
        assertThat(report.bytes()).isLessThanOrEqualTo(report.originalBytes());
        DeltaApplier.apply(out, TestModels.tiny("base"), folder.resolve("rebuilt"));
        try (Checkpoint base = Checkpoint.open(TestModels.tiny("base"));
                Checkpoint rebuilt = Checkpoint.open(folder.resolve("rebuilt"))) {
            String name = "model.layers.0.self_attn.q_proj.weight";
            float[] before = bf16(base.tensor(name).orElseThrow());
            float[] after = bf16(rebuilt.tensor(name).orElseThrow());
            double lost = 0;
            double total = 0;
            for (int row = 0; row < 256; row++) {
                for (int column = 0; column < 192; column++) {
                    double exact = 0;
                    for (int k = 0; k < rank; k++) {
                        exact += 2 * b[row * rank + k] * a[k * 192 + column];
                    }
                    double error = after[row * 192 + column] - before[row * 192 + column] - exact;
                    lost += error * error;
                    total += exact * exact;
                }
            }
            assertThat(Math.sqrt(lost / total)).isLessThan(0.2);
        }
    }

    private static float[] bf16(Tensor tensor) {
        short[] bits = tensor.data().toArray(ValueLayout.JAVA_SHORT_UNALIGNED);
        float[] numbers = new float[bits.length];
        for (int i = 0; i < bits.length; i++) {
            numbers[i] = Float.intBitsToFloat(bits[i] << 16);
        }
        return numbers;
    }
}
