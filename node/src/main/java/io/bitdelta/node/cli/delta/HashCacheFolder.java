package io.bitdelta.node.cli.delta;

import java.nio.file.Path;

/** Where hashes of unchanged checkpoints are remembered: the user's cache folder. */
public final class HashCacheFolder {
    private HashCacheFolder() {}

    /** The folder; created when the first hash is remembered. */
    public static Path path() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path home =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return home.resolve("bitdelta").resolve("weights-hashes");
    }
}
