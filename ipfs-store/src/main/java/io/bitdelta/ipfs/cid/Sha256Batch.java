package io.bitdelta.ipfs.cid;

import java.util.List;

/**
 * SHA-256 of several messages together, which some machines compute faster than one after the other. Thread-safe, and
 * the hashes depend on the messages alone.
 */
public interface Sha256Batch {
    /** The platform's function, one message at a time. */
    Sha256Batch PLATFORM = new Sha256Batch() {
        @Override
        public int atOnce() {
            return 1;
        }

        @Override
        public List<byte[]> hash(List<byte[]> messages) {
            return messages.stream().map(Cid::digestOf).toList();
        }
    };

    /** How many messages, of the same length, make the best use of one call; at least 1. */
    int atOnce();

    /**
     * Hashes any number of messages of any lengths.
     *
     * @return 32 bytes for each message, in their order
     */
    List<byte[]> hash(List<byte[]> messages);
}
