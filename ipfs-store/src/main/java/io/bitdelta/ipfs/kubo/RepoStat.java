package io.bitdelta.ipfs.kubo;

/**
 * What a daemon says about its repository.
 *
 * @param bytes it takes
 * @param maxBytes it may take
 * @param objects blocks in it
 */
public record RepoStat(long bytes, long maxBytes, long objects) {}
