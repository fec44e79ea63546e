package io.bitdelta.node.cli.bench;

/**
 * Gas of one kind of transaction.
 *
 * @param name of the row
 * @param value gas used, calldata and the 21000 of a transaction included; of a batch, the part of one entry
 * @param unit always {@code gas}
 * @param baseline what others use for the same, else the target
 * @param ratio value to baseline
 * @param against whose gas the baseline is
 * @param target the design's limit
 */
record ChainRow(String name, double value, String unit, double baseline, double ratio, String against, long target) {
    static ChainRow of(String name, double gas, long target, long baseline, String against) {
        return new ChainRow(name, gas, "gas", baseline, gas / baseline, against, target);
    }

    /** Where nobody else does the same. */
    static ChainRow of(String name, double gas, long target) {
        return of(name, gas, target, target, "target");
    }
}
