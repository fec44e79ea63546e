package io.bitdelta.engine.soup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.Granularity;
import io.bitdelta.engine.codec.LayoutEntry;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MajoritySoupTest {
    @TempDir
    private Path folder;

    @Property(tries = 300)
    void theBallotBoxCountsLikeACounter(
            @ForAll @IntRange(min = 1, max = 130) int members,
            @ForAll @IntRange(max = 131) int threshold,
            @ForAll long seed) {
        Random random = new Random(seed);
        BallotBox box = new BallotBox(members);
        int[] counts = new int[64];
        for (int i = 0; i < members; i++) {
            long ballot = random.nextLong();
            box.add(ballot);
            for (int bit = 0; bit < 64; bit++) {
                counts[bit] += (int) ((ballot >>> bit) & 1);
            }
        }
        long result = box.atLeast(threshold);
        for (int bit = 0; bit < 64; bit++) {
            assertThat(((result >>> bit) & 1) == 1).isEqualTo(counts[bit] >= threshold);
        }
    }

    private List<Path> members(int count, int rows, int columns, long seed) throws IOException {
        Random random = new Random(seed);
        double[] zeros = new double[rows * columns];
        Path base = new TestModels()
                .tensor("w", Dtype.F32, Shape.of(rows, columns), zeros)
                .write(folder.resolve("base.safetensors"));
        List<Path> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double[] values = random.doubles(zeros.length, -1, 1).toArray();
            Path finetuned = new TestModels()
                    .tensor("w", Dtype.F32, Shape.of(rows, columns), values)
                    .write(folder.resolve("finetuned.safetensors"));
            Path delta = folder.resolve("member" + i);
            DeltaCompressor.compress(base, finetuned, delta, CompressOptions.defaults(), Progress.NONE);
            members.add(delta);
        }
        return members;
    }

    @Test
    void votesAbstentionsAndMediansFollowTheDefinition() throws IOException {
        int rows = 5;
        int columns = 77;
        for (int n : new int[] {1, 2, 3, 4, 7}) {
            int byzantine = (n - 1) / 3;
            List<Path> members = members(n, rows, columns, n);
            Path out = folder.resolve("soup");
            SoupReport report = MajoritySoup.mix(members, out, SoupRule.CERTIFIED, byzantine);
            try (DeltaFile soup = DeltaFile.open(out)) {
                LayoutEntry.Sign sign = soup.header().signs().getFirst();
                List<DeltaFile> open = new ArrayList<>();
                for (Path member : members) {
                    open.add(DeltaFile.open(member));
                }
                long certified = 0;
                for (int row = 0; row < rows; row++) {
                    for (int column = 0; column < columns; column++) {
                        int ones = 0;
                        for (DeltaFile member : open) {
                            ones += bit(member.signs(sign, 0), sign, row, column);
                        }
                        int margin = Math.abs(2 * ones - n);
                        assertThat(bit(soup.signs(sign, 0), sign, row, column)).isEqualTo(2 * ones >= n ? 1 : 0);
                        boolean abstains = bit(soup.abstain(sign).orElseThrow(), sign, row, column) == 1;
                        assertThat(abstains).isEqualTo(margin <= byzantine);
                        certified += abstains ? 0 : 1;
                    }
                }
                float[] scales = soup.scales(sign, 0);
                for (int row = 0; row < rows; row++) {
                    float[] all = new float[n];
                    for (int i = 0; i < n; i++) {
                        all[i] = open.get(i).scales(sign, 0)[row];
                    }
                    Arrays.sort(all);
                    assertThat(scales[row]).isEqualTo(all[(n - 1) / 2]);
                }
                open.forEach(DeltaFile::close);
                assertThat(report.certified()).isEqualTo(certified);
            }
        }
    }

    private static int bit(MemorySegment plane, LayoutEntry.Sign sign, int row, int column) {
        return (plane.get(ValueLayout.JAVA_BYTE, row * sign.rowBytes() + column / 8) >> (column % 8)) & 1;
    }

    @Test
    void theOrderOfMembersDoesNotMatter() throws IOException {
        List<Path> members = members(5, 3, 100, 1);
        MajoritySoup.mix(members, folder.resolve("a"), SoupRule.MAJORITY, 1);
        List<Path> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, new Random(2));
        MajoritySoup.mix(shuffled, folder.resolve("b"), SoupRule.MAJORITY, 1);
        assertThat(Files.readAllBytes(folder.resolve("a"))).isEqualTo(Files.readAllBytes(folder.resolve("b")));
    }

    @Test
    void strangersAreRefused() throws IOException {
        List<Path> members = members(2, 3, 8, 1);
        Path other = folder.resolve("other");
        DeltaCompressor.compress(
                TestModels.tiny("base"), TestModels.tiny("user-a"), other, CompressOptions.defaults(), Progress.NONE);
        assertThatThrownBy(() -> MajoritySoup.mix(
                        List.of(members.getFirst(), other), folder.resolve("soup"), SoupRule.MAJORITY, 0))
                .isInstanceOf(SoupMemberException.class)
                .hasMessageContaining("its base is");
        Path twoBits = folder.resolve("two");
        DeltaCompressor.compress(
                TestModels.tiny("base"),
                TestModels.tiny("user-a"),
                twoBits,
                CompressOptions.defaults().withBits(2),
                Progress.NONE);
        assertThatThrownBy(() -> MajoritySoup.mix(List.of(twoBits), folder.resolve("soup"), SoupRule.MAJORITY, 0))
                .isInstanceOf(SoupMemberException.class)
                .hasMessageContaining("2 bits");
        Path byTensor = folder.resolve("tensor");
        DeltaCompressor.compress(
                TestModels.tiny("base"),
                TestModels.tiny("user-b"),
                byTensor,
                CompressOptions.defaults().withGranularity(Granularity.TENSOR),
                Progress.NONE);
        assertThatThrownBy(
                        () -> MajoritySoup.mix(List.of(other, byTensor), folder.resolve("soup"), SoupRule.MAJORITY, 0))
                .isInstanceOf(SoupMemberException.class)
                .hasMessageContaining("layout");
        assertThat(folder.resolve("soup")).doesNotExist();
    }

    @Test
    void aBoundOfHalfTheMembersIsRefused() throws IOException {
        List<Path> members = members(2, 1, 8, 1);
        assertThatThrownBy(() -> MajoritySoup.mix(members, folder.resolve("soup"), SoupRule.CERTIFIED, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void uniformWeightsTileTheWhole() {
        for (int n = 1; n < 60; n++) {
            WeightTree tree = WeightTree.uniform(Collections.nCopies(n, new byte[20]));
            assertThat(tree.shares().getLast().end()).isEqualTo(WeightTree.WHOLE);
        }
    }
}
