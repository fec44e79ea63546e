package io.bitdelta.ipfs.bench;

/**
 * One row.
 *
 * @param name what was measured
 * @param value how much
 * @param unit of value and baseline
 * @param baseline what it is compared with, measured in the same run
 * @param ratio value over baseline
 */
public record StoreBenchResult(String name, double value, String unit, double baseline, double ratio) {}
