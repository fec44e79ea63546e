package io.bitdelta.engine.train;

import java.util.ArrayList;
import java.util.List;

/** The order of the examples: every epoch is a permutation that follows from seed and epoch, so nothing needs storing. */
public final class Shuffle {
    private final long seed;
    private final int count;
    private long epoch = -1;
    private int[] order = {};

    /** The order of {@code count} examples. */
    public Shuffle(long seed, int count) {
        this.seed = seed;
        this.count = count;
    }

    /** The examples of a step. */
    public List<Integer> batch(long step, int batch) {
        List<Integer> picked = new ArrayList<>(batch);
        for (long at = step * batch; at < (step + 1) * batch; at++) {
            if (at / count != epoch) {
                epoch = at / count;
                order = permutation();
            }
            picked.add(order[(int) (at % count)]);
        }
        return picked;
    }

    private int[] permutation() {
        SplitMix64 random = new SplitMix64(seed * 0x9E3779B97F4A7C15L + epoch);
        int[] permuted = new int[count];
        for (int i = 0; i < count; i++) {
            int j = (int) Long.remainderUnsigned(random.nextLong(), i + 1L);
            permuted[i] = permuted[j];
            permuted[j] = i;
        }
        return permuted;
    }
}
