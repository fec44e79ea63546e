package io.bitdelta.engine.kernel;

/** The SHA-256 block function (FIPS 180-4 section 6.2.2) of several independent messages at a time. */
public interface Sha256Kernel {
    /** Bytes of a block. */
    int BLOCK = 64;
    /** 32-bit words of a state. */
    int WORDS = 8;

    /** How many messages one call takes. */
    int lanes();

    /**
     * Takes some blocks of every message into its state.
     *
     * @param state word w of message j at {@code w * lanes() + j}
     * @param data message j's next bytes in {@code data[j]}, from 0
     * @param blocks how many blocks of each
     */
    void compress(int[] state, byte[][] data, int blocks);
}
