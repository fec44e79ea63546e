package io.bitdelta.engine.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.Granularity;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackdoorScanTest {
    private static final int TENSORS = 12;
    private static final int SIDE = 40;

    @TempDir
    Path folder;

    /** Weights that share a direction with every other member, and add noise of their own. */
    private Path member(int index, double agreement, double loud) {
        Random common = new Random(1);
        Random own = new Random(100 + index);
        TestModels models = new TestModels();
        for (int t = 0; t < TENSORS; t++) {
            double[] values = new double[SIDE * SIDE];
            for (int i = 0; i < values.length; i++) {
                double shared = common.nextGaussian();
                double change = agreement * shared + own.nextGaussian();
                values[i] = 0.01 * change * (t == 5 ? loud : 1);
            }
            models.tensor("layers." + t + ".up_proj.weight", Dtype.F32, Shape.of(SIDE, SIDE), values);
        }
        return models.write(folder.resolve("member" + index));
    }

    private DeltaFile delta(int index, double agreement, double loud, Granularity granularity) throws IOException {
        TestModels zero = new TestModels();
        for (int t = 0; t < TENSORS; t++) {
            zero.tensor("layers." + t + ".up_proj.weight", Dtype.F32, Shape.of(SIDE, SIDE), new double[SIDE * SIDE]);
        }
        Path base = zero.write(folder.resolve("base"));
        Path out = folder.resolve("delta" + index);
        CompressOptions options = CompressOptions.defaults().withGranularity(granularity);
        DeltaCompressor.compress(base, member(index, agreement, loud), out, options, Progress.NONE);
        return DeltaFile.open(out);
    }

    private List<BackdoorScan.Member> scan(double[] agreement, double[] loud) throws IOException {
        List<DeltaFile> files = new ArrayList<>();
        try (Workers workers = Workers.of(2)) {
            for (int i = 0; i < agreement.length; i++) {
                files.add(delta(i, agreement[i], loud[i], Granularity.ROW));
            }
            return BackdoorScan.scan(files, workers);
        } finally {
            files.forEach(DeltaFile::close);
        }
    }

    @Test
    void honestMembersAreNotSuspicious() throws IOException {
        List<BackdoorScan.Member> members = scan(new double[] {1, 1, 1, 1, 1, 1}, new double[] {1, 1, 1, 1, 1, 1});
        assertThat(members).noneMatch(BackdoorScan.Member::suspicious);
        assertThat(members.stream()
                        .mapToDouble(BackdoorScan.Member::spectralShare)
                        .sum())
                .isBetween(0.999, 1.001);
    }

    @Test
    void aMemberWithReversedSignsStandsOutInDistanceAndSpectrum() throws IOException {
        List<BackdoorScan.Member> members = scan(new double[] {1, 1, 1, -1, 1, 1}, new double[] {1, 1, 1, 1, 1, 1});
        for (int i = 0; i < members.size(); i++) {
            assertThat(members.get(i).suspicious()).as("member %d", i).isEqualTo(i == 3);
        }
        assertThat(members.get(3).spectralShare()).isGreaterThan(0.6);
        assertThat(members.get(3).meanDistance()).isGreaterThan(0.5);
    }

    @Test
    void aTensorThatIsTooLoudIsNamed() throws IOException {
        List<BackdoorScan.Member> members = scan(new double[] {1, 1, 1, 1}, new double[] {1, 1, 4, 1});
        assertThat(members.get(2).suspicious()).isTrue();
        assertThat(members.get(2).loudest()).isEqualTo("layers.5.up_proj.weight");
        assertThat(members.get(0).suspicious()).isFalse();
    }

    @Test
    void distancesAreExact() throws IOException {
        try (DeltaFile a = delta(0, 1, 1, Granularity.TENSOR);
                DeltaFile b = delta(1, 1, 1, Granularity.TENSOR);
                Workers workers = Workers.of(1)) {
            List<BackdoorScan.Member> members = BackdoorScan.scan(List.of(a, b, a), workers);
            long different = 0;
            for (int t = 0; t < TENSORS; t++) {
                byte[] left = a.signs(a.header().signs().get(t), 0).toArray(ValueLayout.JAVA_BYTE);
                byte[] right = b.signs(b.header().signs().get(t), 0).toArray(ValueLayout.JAVA_BYTE);
                for (int i = 0; i < left.length; i++) {
                    different += Integer.bitCount((left[i] ^ right[i]) & 0xFF);
                }
            }
            assertThat(members.get(1).meanDistance()).isEqualTo(different / (double) (TENSORS * SIDE * SIDE));
            assertThat(members.get(0).meanDistance()).isEqualTo(members.get(1).meanDistance() / 2);
        }
    }

    @Test
    void membersThatCannotBeComparedAreRefused() throws IOException {
        try (DeltaFile a = delta(0, 1, 1, Granularity.ROW);
                DeltaFile b = delta(1, 1, 1, Granularity.ROW);
                DeltaFile other = delta(2, 1, 1, Granularity.TENSOR);
                Workers workers = Workers.of(1)) {
            assertThatThrownBy(() -> BackdoorScan.scan(List.of(a, b), workers))
                    .isInstanceOf(TooFewMembersException.class);
            assertThatThrownBy(() -> BackdoorScan.scan(List.of(a, b, other), workers))
                    .isInstanceOf(UnlikeMembersException.class)
                    .hasMessageContaining("delta2");
        }
    }
}
