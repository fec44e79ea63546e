package io.bitdelta.engine;

/** Receives how many input bytes a long operation has just finished. Called from several threads. */
@FunctionalInterface
public interface Progress {
    /** Nobody watches. */
    Progress NONE = bytes -> {};

    /**
     * Some more work is done.
     *
     * @param bytes input bytes finished since the last call
     */
    void advance(long bytes);
}
