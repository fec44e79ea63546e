package io.bitdelta.attestation;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The folder of larger test data beside the project; tests that need it are skipped without it. */
public final class Shared {
    private Shared() {}

    /** A file or folder in it. */
    public static Path path(String name) {
        String folder = System.getProperty("bitdelta.shared", "");
        Path path = Path.of(folder).resolve(name);
        Assumptions.assumeTrue(!folder.isEmpty() && Files.exists(path), "no " + path);
        return path;
    }
}
