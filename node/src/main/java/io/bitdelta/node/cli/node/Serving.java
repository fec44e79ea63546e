package io.bitdelta.node.cli.node;

import io.bitdelta.node.config.DurableFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the node of a data folder listens, for other commands on the same folder; a note that a kill may leave behind. */
final class Serving {
    private static final String FILE = "serving";

    private Serving() {}

    static void note(Path folder, URI address) throws IOException {
        DurableFiles.write(folder.resolve(FILE), address.toString().getBytes(StandardCharsets.US_ASCII));
    }

    static void forget(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(FILE));
    }

    /** What was noted; empty when the node of the folder was stopped, or never ran. */
    static Optional<URI> at(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        return Files.exists(file)
                ? Optional.of(URI.create(
                        Files.readString(file, StandardCharsets.US_ASCII).strip()))
                : Optional.empty();
    }
}
