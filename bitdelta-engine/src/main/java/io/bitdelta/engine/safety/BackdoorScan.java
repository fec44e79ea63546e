package io.bitdelta.engine.safety;

import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.Granularity;
import io.bitdelta.engine.codec.LayoutEntry;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Looks for a delta that is not like the others. Two things are measured, both exactly:
 *
 * <ul>
 *   <li>Signs: the Hamming distance of every pair of members, by popcount. Sign vectors of length n have the inner product
 *       {@code n - 2 * distance}; the centred matrix of inner products has a leading eigenvector, and a member that was
 *       made by another process has a large part of it (spectral signatures, Tran, Li and Madry, arXiv 1811.00636).
 *   <li>Size: the norm of each tensor's delta per weight, from scales alone. A planted change is often strong in few
 *       tensors: a tensor stands out from the same member's tensors by the ratio of its norm to the median of members.
 * </ul>
 *
 * Outliers are judged by the modified z-score (Iglewicz and Hoaglin 1993): 0.6745 times the distance from the median over
 * the median absolute deviation. An honest member with unusual data stands out as well: a finding is a reason to look.
 */
public final class BackdoorScan {
    /** From this modified z-score on, a value is an outlier. */
    public static final double LIMIT = 3.5;

    /** Tensors of one member are many: a single one must stand out further. */
    public static final double TENSOR_LIMIT = 10;

    /** Fewer members have no majority to stand out from. */
    public static final int MIN_MEMBERS = 3;

    /** Deviations below this share of the median are differences of chance. */
    private static final double FLOOR = 0.01;

    private static final int ITERATIONS = 200;

    /**
     * A member's result.
     *
     * @param name its path
     * @param meanDistance mean share of signs that differ from another member's, 0 to 1
     * @param distanceZ how far that stands out
     * @param spectralShare its share of the leading eigenvector, 0 to 1; shares sum to 1
     * @param loudest the tensor whose norm stands out most
     * @param loudestZ how far
     * @param suspicious whether anything is over its limit
     */
    public record Member(
            String name,
            double meanDistance,
            double distanceZ,
            double spectralShare,
            String loudest,
            double loudestZ,
            boolean suspicious) {}

    private BackdoorScan() {}

    /**
     * As {@link #scan}, of files.
     *
     * @param threads at least 1
     * @throws io.bitdelta.engine.EngineInputException if a file is no delta, or the members cannot be compared
     * @throws IOException if reading fails
     */
    public static List<Member> scanFiles(List<Path> files, int threads) throws IOException {
        List<DeltaFile> members = new ArrayList<>();
        try (Workers workers = Workers.of(threads)) {
            for (Path file : files) {
                members.add(DeltaFile.open(file));
            }
            return scan(members, workers);
        } finally {
            members.forEach(DeltaFile::close);
        }
    }

    /**
     * Compares deltas over one base.
     *
     * @param members at least {@link #MIN_MEMBERS}, with equal layouts of sign tensors
     * @return one result per member, in order
     * @throws TooFewMembersException if there are fewer
     * @throws UnlikeMembersException if bases or sign tensors differ
     */
    public static List<Member> scan(List<DeltaFile> members, Workers workers) {
        if (members.size() < MIN_MEMBERS) {
            throw new TooFewMembersException(members.size(), MIN_MEMBERS);
        }
        DeltaFile first = members.getFirst();
        List<LayoutEntry.Sign> signs = first.header().signs();
        for (DeltaFile member : members) {
            boolean alike = member.header().signs().equals(signs)
                    && member.header()
                            .metadata()
                            .baseHash()
                            .equals(first.header().metadata().baseHash());
            if (!alike || signs.isEmpty()) {
                throw new UnlikeMembersException(first.path(), member.path());
            }
        }
        int count = members.size();
        long bits = signs.stream().mapToLong(sign -> sign.shape().count()).sum();
        double[][] distance = new double[count][count];
        double[] mean = new double[count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < i; j++) {
                distance[i][j] = distance(members.get(i), members.get(j), signs, workers) / (double) bits;
                distance[j][i] = distance[i][j];
            }
        }
        for (int i = 0; i < count; i++) {
            mean[i] = Arrays.stream(distance[i]).sum() / (count - 1);
        }
        double[] share = leadingShares(distance);
        double[] z = scores(mean);
        List<Map<String, Double>> norms =
                members.stream().map(member -> norms(member, signs)).toList();
        List<Member> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Double> own = norms.get(i);
            Loudest loudest = loudest(own, norms, signs);
            boolean suspicious = z[i] > LIMIT || loudest.z() > TENSOR_LIMIT;
            results.add(new Member(
                    members.get(i).path().toString(),
                    mean[i],
                    z[i],
                    share[i],
                    loudest.tensor(),
                    loudest.z(),
                    suspicious));
        }
        return results;
    }

    private static long distance(DeltaFile left, DeltaFile right, List<LayoutEntry.Sign> signs, Workers workers) {
        long[] different = new long[signs.size()];
        workers.forEach(signs.size(), i -> {
            LayoutEntry.Sign sign = signs.get(i);
            different[i] = distance(left.signs(sign, 0), right.signs(sign, 0));
        });
        return Arrays.stream(different).sum();
    }

    /** Padding bits are 0 on both sides. */
    private static long distance(MemorySegment left, MemorySegment right) {
        long words = left.byteSize() / Long.BYTES;
        long sum = 0;
        for (long i = 0; i < words; i++) {
            long at = i * Long.BYTES;
            sum += Long.bitCount(
                    left.get(ValueLayout.JAVA_LONG_UNALIGNED, at) ^ right.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
        }
        for (long at = words * Long.BYTES; at < left.byteSize(); at++) {
            int other = left.get(ValueLayout.JAVA_BYTE, at) ^ right.get(ValueLayout.JAVA_BYTE, at);
            sum += Integer.bitCount(other & 0xFF);
        }
        return sum;
    }

    /** Squared parts of the leading eigenvector of the centred inner products, by power iteration from a fixed start. */
    private static double[] leadingShares(double[][] distance) {
        int n = distance.length;
        double[] rowMean = new double[n];
        double all = 0;
        double[][] gram = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                gram[i][j] = 1 - 2 * distance[i][j];
                rowMean[i] += gram[i][j] / n;
            }
            all += rowMean[i] / n;
        }
        double[] vector = new double[n];
        for (int i = 0; i < n; i++) {
            vector[i] = 1 + 0.1 * i;
        }
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            double[] next = new double[n];
            double norm = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    next[i] += (gram[i][j] - rowMean[i] - rowMean[j] + all) * vector[j];
                }
                norm += next[i] * next[i];
            }
            if (norm == 0) {
                // Equal members: nobody has a larger part than another.
                Arrays.fill(vector, Math.sqrt(1.0 / n));
                break;
            }
            for (int i = 0; i < n; i++) {
                vector[i] = next[i] / Math.sqrt(norm);
            }
        }
        return Arrays.stream(vector).map(part -> part * part).toArray();
    }

    /** The root mean square of each tensor's delta, from its scales. */
    private static Map<String, Double> norms(DeltaFile member, List<LayoutEntry.Sign> signs) {
        Map<String, Double> norms = new HashMap<>();
        for (LayoutEntry.Sign sign : signs) {
            double squares = 0;
            long rows = sign.shape().rows();
            long columns = sign.shape().columns();
            for (int plane = 0; plane < sign.bits(); plane++) {
                float[] scales = member.scales(sign, plane);
                for (int i = 0; i < scales.length; i++) {
                    squares += (double) scales[i] * scales[i] * weights(sign, i, rows, columns);
                }
            }
            norms.put(sign.name(), Math.sqrt(squares / Math.max(1, rows * columns)));
        }
        return norms;
    }

    /** How many weights share scale {@code i}. */
    private static long weights(LayoutEntry.Sign sign, int i, long rows, long columns) {
        Granularity granularity = sign.granularity();
        return switch (granularity.kind()) {
            case TENSOR -> rows * columns;
            case ROW -> columns;
            case COLUMN -> rows;
            case GROUP -> {
                long inRow = i % granularity.groupsPerRow(columns) * granularity.groupSize();
                yield Math.min(granularity.groupSize(), columns - inRow);
            }
        };
    }

    private record Loudest(String tensor, double z) {}

    private static Loudest loudest(
            Map<String, Double> own, List<Map<String, Double>> all, List<LayoutEntry.Sign> signs) {
        ToDoubleFunction<String> ratio = name -> {
            double middle = median(all.stream()
                    .mapToDouble(norms -> norms.getOrDefault(name, 0.0))
                    .toArray());
            return middle == 0 ? 1 : own.getOrDefault(name, 0.0) / middle;
        };
        double[] ratios =
                signs.stream().map(LayoutEntry.Sign::name).mapToDouble(ratio).toArray();
        double[] z = scores(ratios);
        int most = 0;
        for (int i = 1; i < z.length; i++) {
            most = z[i] > z[most] ? i : most;
        }
        return new Loudest(signs.get(most).name(), z[most]);
    }

    /** Modified z-scores; positive above the median. */
    private static double[] scores(double[] values) {
        double middle = median(values);
        double[] deviations =
                Arrays.stream(values).map(value -> Math.abs(value - middle)).toArray();
        double spread = Math.max(median(deviations), FLOOR * Math.abs(middle));
        return Arrays.stream(values)
                .map(value -> spread == 0 ? 0 : 0.6745 * (value - middle) / spread)
                .toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
