package io.bitdelta.engine.codec;

import java.util.List;
import java.util.Map;

/**
 * What a delta file says about itself.
 *
 * @param version format version
 * @param baseHash weights hash of its base
 * @param zero the rule for equal weights
 * @param scales where its scales come from
 * @param clipSigma the clip, or {@code none}
 * @param domain what it is for
 * @param bytes size of the file
 * @param headerBytes size of the header text
 * @param kinds tensors per kind
 * @param tensors per tensor; empty when only the header was read
 */
public record InspectReport(
        int version,
        String baseHash,
        String zero,
        String scales,
        String clipSigma,
        String domain,
        long bytes,
        long headerBytes,
        Map<String, Long> kinds,
        List<TensorReport> tensors) {
    /**
     * One changed tensor.
     *
     * @param name its name in the base
     * @param kind sign, full, lowrank or core
     * @param shape dimensions
     * @param dtype the base's element type for signs, the stored one for full tensors, F32 for factors
     * @param granularity of the scales; {@code none} without scales
     * @param bits planes; 0 for full tensors; bits per number of a core
     * @param scales of plane 0 (of both factors together for low rank)
     * @param ones 1 bits of plane 0
     * @param signSha256 SHA-256 of plane 0's packed bytes; of the stored bytes for full tensors and cores
     */
    public record TensorReport(
            String name,
            String kind,
            List<Long> shape,
            String dtype,
            String granularity,
            int bits,
            ScaleReport scales,
            long ones,
            String signSha256) {}

    /**
     * Scales in short.
     *
     * @param count how many
     * @param min smallest
     * @param mean binary64 mean
     * @param max largest
     */
    public record ScaleReport(long count, double min, double mean, double max) {}
}
