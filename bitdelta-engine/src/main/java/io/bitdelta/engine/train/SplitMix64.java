package io.bitdelta.engine.train;

import java.util.random.RandomGenerator;

/** SplitMix64 (Steele, Lea and Flood 2014): the same numbers from the same seed on every JDK. No source of secrets. */
public final class SplitMix64 implements RandomGenerator {
    private long state;

    /** A generator from a seed. */
    public SplitMix64(long seed) {
        state = seed;
    }

    @Override
    public long nextLong() {
        state += 0x9E3779B97F4A7C15L;
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
