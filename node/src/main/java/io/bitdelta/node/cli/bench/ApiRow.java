package io.bitdelta.node.cli.bench;

/**
 * A measured row.
 *
 * @param baseline of the same run, in the same unit
 * @param processorRatio the same ratio by processor time of this process instead of the clock
 * @param p50Ms milliseconds, the worst of the run's rounds; 0 where nothing is asked over HTTP
 * @param p99Ms as {@code p50Ms}
 * @param errors requests without the answer that they should have
 * @param loadAverage of the machine, when the row ended
 */
record ApiRow(
        String name,
        double value,
        String unit,
        double baseline,
        double ratio,
        double processorRatio,
        double p50Ms,
        double p99Ms,
        long errors,
        double loadAverage) {}
