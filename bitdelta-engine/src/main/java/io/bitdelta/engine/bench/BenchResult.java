package io.bitdelta.engine.bench;

/**
 * One row.
 *
 * @param name what was measured
 * @param value how fast
 * @param unit of value and baseline
 * @param baseline how fast the baseline was, in the same run
 * @param ratio value / baseline
 */
public record BenchResult(String name, double value, String unit, double baseline, double ratio) {
    static BenchResult gib(String name, double value, double baseline) {
        return new BenchResult(name, value, "GiB/s", baseline, value / baseline);
    }
}
