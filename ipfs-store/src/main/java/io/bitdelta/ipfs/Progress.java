package io.bitdelta.ipfs;

/** Hears about finished work; called from any thread. */
@FunctionalInterface
public interface Progress {
    /** Hears nothing. */
    Progress NONE = bytes -> {};

    /** {@code bytes} more bytes are done. */
    void done(long bytes);
}
