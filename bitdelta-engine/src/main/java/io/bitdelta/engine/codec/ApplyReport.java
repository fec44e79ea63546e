package io.bitdelta.engine.codec;

/**
 * What applying a delta did.
 *
 * @param baseHash weights hash of the base, checked against the delta's
 * @param fileHash SHA-256 of the delta file
 * @param out the checkpoint that was written
 * @param tensors tensors in it
 * @param changed tensors that the delta changed
 * @param bytes size of its weights file
 * @param seconds time taken
 */
public record ApplyReport(
        String baseHash, String fileHash, String out, long tensors, long changed, long bytes, double seconds) {}
