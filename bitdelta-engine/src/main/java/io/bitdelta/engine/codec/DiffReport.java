package io.bitdelta.engine.codec;

import java.util.List;

/**
 * How far two deltas are apart.
 *
 * @param sameBase whether they change the same base
 * @param weights coordinates compared
 * @param hamming coordinates whose plane-0 signs differ; the squared distance of the sign vectors is four times that
 * @param tensors per tensor that both hold as signs of one shape
 * @param onlyFirst changed tensors that only the first holds, or holds in another form
 * @param onlySecond likewise of the second
 */
public record DiffReport(
        boolean sameBase,
        long weights,
        long hamming,
        List<TensorDistance> tensors,
        List<String> onlyFirst,
        List<String> onlySecond) {
    /**
     * One tensor.
     *
     * @param name its name
     * @param weights its coordinates
     * @param hamming those whose signs differ
     * @param fraction hamming / weights
     */
    public record TensorDistance(String name, long weights, long hamming, double fraction) {}
}
