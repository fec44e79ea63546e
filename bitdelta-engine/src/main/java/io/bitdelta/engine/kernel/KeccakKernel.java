package io.bitdelta.engine.kernel;

/** Keccak-256 (Ethereum's padding) of several messages of one length at a time. */
public interface KeccakKernel {
    /** How many messages one call takes. */
    int lanes();

    /**
     * Hashes {@link #lanes()} messages.
     *
     * @param messages message j starts at {@code j * stride}
     * @param length bytes of each message
     * @param stride distance between messages, at least {@code length}
     * @param hashes receives hash j at {@code 32 * j}
     */
    void hash(byte[] messages, int length, int stride, byte[] hashes);
}
