package io.bitdelta.engine.codec;

import java.util.List;

/**
 * What a compression did. Hashes are 0x-hex, sizes bytes.
 *
 * @param deltaHash the content root, the delta's owner-free name
 * @param contentRoot the same value under the formats' name
 * @param fileHash SHA-256 of the delta file
 * @param baseHash weights hash of the base
 * @param finetunedHash weights hash of the fine-tune
 * @param tensors tensors in the delta
 * @param weights weights that became signs
 * @param bytes size of the delta file
 * @param originalBytes bytes of the fine-tune's tensors
 * @param ratio originalBytes / bytes
 * @param fullBytes bytes of tensors stored in full: the share of the file that is not 1-bit
 * @param relativeError norm of (delta - reconstructed delta) over norm of delta, over the sign tensors; under a
 *     budget over all changed tensors
 * @param seconds time taken
 * @param gibPerSecond bytes of both checkpoints read per second, in GiB
 * @param extra tensors of the fine-tune that the base lacks, stored in full
 * @param missing tensors of the base that the fine-tune lacks, left as they are
 * @param choices the form of every tensor, when a budget or {@code auto} chose
 * @param curve the trade-off passed on the way to a budget
 */
public record CompressReport(
        String deltaHash,
        String contentRoot,
        String fileHash,
        String baseHash,
        String finetunedHash,
        long tensors,
        long weights,
        long bytes,
        long originalBytes,
        double ratio,
        long fullBytes,
        double relativeError,
        double seconds,
        double gibPerSecond,
        List<String> extra,
        List<String> missing,
        List<Choice> choices,
        List<Point> curve) {
    /**
     * The form that was chosen for a tensor.
     *
     * @param name the tensor
     * @param kind sign, lowrank or full
     * @param granularity of its scales, {@code rank R} of a low-rank tensor, {@code none} in full
     * @param bits planes, 0 in full
     */
    public record Choice(String name, String kind, String granularity, int bits) {}

    /**
     * One point of the trade-off.
     *
     * @param bytes size of the file
     * @param relativeError norm of what is lost over the norm of the delta, over all changed tensors
     */
    public record Point(long bytes, double relativeError) {}
}
