package io.bitdelta.node.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Mixin for commands that work on a data folder. */
public final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder; default: BITDELTA_DATA, else .bitdelta in the home folder.")
    private @Nullable Path data;

    /** The chosen folder; it may not exist yet. */
    public Path folder() {
        if (data != null) {
            return data;
        }
        String configured = System.getenv("BITDELTA_DATA");
        return configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".bitdelta")
                : Path.of(configured);
    }
}
