package io.bitdelta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.tensor.UnfinishedChangeException;
import io.bitdelta.engine.tensor.WeightsHash;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InPlaceApplierTest {
    private static final long SMALL_STEPS = 300_000;

    @TempDir
    private Path folder;

    private Path delta;
    private Path copy;
    private Hash32 wanted;

    /** Stands for the power going away. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeEach
    void makeDelta() throws IOException {
        delta = delta("delta", "user-a");
        DeltaApplier.apply(delta, TestModels.tiny("base"), folder.resolve("rebuilt"));
        wanted = hash(folder.resolve("rebuilt"));
        copy = freshCopy();
    }

    private Path delta(String name, String user) throws IOException {
        Path out = folder.resolve(name);
        CompressOptions options = CompressOptions.defaults().withBits(2);
        DeltaCompressor.compress(TestModels.tiny("base"), TestModels.tiny(user), out, options, Progress.NONE);
        return out;
    }

    private Path freshCopy() throws IOException {
        Path target = folder.resolve("copy.safetensors");
        Files.deleteIfExists(target);
        Files.copy(TestModels.tiny("base").resolve("model.safetensors"), target);
        assertThat(target.toFile().setWritable(true)).isTrue();
        return target;
    }

    private static Hash32 hash(Path path) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            return WeightsHash.of(checkpoint, Progress.NONE);
        }
    }

    @Test
    void givesTheWeightsOfApplyingAndOnlyOnce() throws IOException {
        ApplyReport report = InPlaceApplier.apply(delta, copy, 2, Progress.NONE);
        assertThat(hash(copy)).isEqualTo(wanted);
        assertThat(report.out()).isEqualTo(copy.toString());
        assertThat(folder.resolve("copy.safetensors.bitdelta-journal")).doesNotExist();
        assertThatThrownBy(() -> InPlaceApplier.apply(delta, copy, 1, Progress.NONE))
                .isInstanceOf(BaseMismatchException.class);
    }

    @Test
    void cutOffAnywhereItIsRefusedUntilTheSameCommandFinishesIt() throws IOException {
        int steps = countSteps();
        assertThat(steps).isGreaterThan(5);
        for (int step = 0; step < steps; step++) {
            for (boolean changed : new boolean[] {false, true}) {
                copy = freshCopy();
                cutOff(step, changed);
                if (!changed) {
                    scribbleOver(step);
                }
                assertThatThrownBy(() -> hash(copy)).isInstanceOf(UnfinishedChangeException.class);
                InPlaceApplier.apply(delta, copy, 1, Progress.NONE, SMALL_STEPS, (s, c) -> {});
                assertThat(hash(copy)).as("step " + step).isEqualTo(wanted);
            }
        }
    }

    private int countSteps() throws IOException {
        int[] last = new int[1];
        InPlaceApplier.apply(delta, copy, 1, Progress.NONE, SMALL_STEPS, (step, changed) -> last[0] = step);
        return last[0] + 1;
    }

    private void cutOff(int step, boolean changed) {
        assertThatThrownBy(() -> InPlaceApplier.apply(delta, copy, 1, Progress.NONE, SMALL_STEPS, (s, c) -> {
                    if (s == step && c == changed) {
                        throw new Killed();
                    }
                }))
                .isInstanceOf(Killed.class);
    }

    /** Any mixture of old and new bytes of the step may be on disk; the worst is neither. */
    private void scribbleOver(int step) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.openUnfinished(copy);
                DeltaFile file = DeltaFile.open(delta);
                RandomAccessFile raw = new RandomAccessFile(copy.toFile(), "rw")) {
            long bytes = 0;
            int current = 0;
            for (LayoutEntry entry : file.layout()) {
                Tensor tensor = checkpoint.tensor(entry.name()).orElseThrow();
                if (current == step) {
                    raw.seek(tensor.offset());
                    raw.write(new byte[(int) tensor.data().byteSize() / 2]);
                }
                bytes += tensor.data().byteSize();
                if (bytes >= SMALL_STEPS) {
                    bytes = 0;
                    current++;
                }
            }
        }
    }

    @Test
    void anotherDeltaCannotFinishIt() throws IOException {
        cutOff(2, false);
        Path other = delta("other", "user-b");
        assertThatThrownBy(() -> InPlaceApplier.apply(other, copy, 1, Progress.NONE))
                .isInstanceOf(UnfinishedChangeException.class)
                .hasMessageContaining("is being changed in place by the delta file");
    }

    @Test
    void aDamagedJournalIsRefused() throws IOException {
        cutOff(1, false);
        Path journal = folder.resolve("copy.safetensors.bitdelta-journal");
        byte[] bytes = Files.readAllBytes(journal);
        for (int at : new int[] {0, 90, bytes.length / 2, bytes.length - 1}) {
            byte[] bad = bytes.clone();
            bad[at] ^= 1;
            Files.write(journal, bad);
            assertThatThrownBy(() -> InPlaceApplier.apply(delta, copy, 1, Progress.NONE, SMALL_STEPS, (s, c) -> {}))
                    .as("byte " + at)
                    .isInstanceOf(UnfinishedChangeException.class);
        }
    }
}
