package io.bitdelta.node.publish;

import io.bitdelta.engine.codec.DeltaFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A delta to publish.
 *
 * @param intent idempotency key: one intent is published once, however often it is asked for
 * @param deltaFile the delta file
 * @param baseName what the base is called; a label, its identity is the weights hash in the file
 * @param trainingMethod how the fine-tune was made, e.g. {@code full} or {@code lora}
 */
public record PublishRequest(String intent, Path deltaFile, String baseName, String trainingMethod) {
    /** The intent of "this file by this owner": SHA-256 of the file, and the owner. */
    public static String intentOf(Path deltaFile, String owner) throws IOException {
        try (DeltaFile file = DeltaFile.open(deltaFile)) {
            return "%s by %s".formatted(file.fileHash().hex(), owner);
        }
    }
}
