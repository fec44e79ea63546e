package io.bitdelta.ipfs;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Larger test data that may lie beside the project. */
public final class Shared {
    private Shared() {}

    /** A file or folder of the shared data; the test is skipped where it is absent. */
    public static Path require(String relative) {
        Path path = Path.of(System.getProperty("bitdelta.shared", "absent"), relative);
        Assumptions.assumeTrue(Files.exists(path), () -> "skipped: no " + path);
        return path;
    }
}
