package io.bitdelta.node.publish;

import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.node.provenance.SignedEvaluation;
import io.bitdelta.node.provenance.TrainingRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A delta to publish.
 *
 * @param intent idempotency key: one intent is published once, however often it is asked for
 * @param deltaFile the delta file
 * @param baseName what the base is called; a label, its identity is the weights hash in the file
 * @param trainingMethod how the fine-tune was made, e.g. {@code full} or {@code lora}; a training record knows better
 * @param training what its training wrote: without it nothing is claimed about privacy, and there is no receipt
 * @param evaluation how it was measured, signed
 */
public record PublishRequest(
        String intent,
        Path deltaFile,
        String baseName,
        String trainingMethod,
        Optional<TrainingRecord> training,
        Optional<SignedEvaluation> evaluation) {
    /** A delta of which nobody has documents. */
    public PublishRequest(String intent, Path deltaFile, String baseName, String trainingMethod) {
        this(intent, deltaFile, baseName, trainingMethod, Optional.empty(), Optional.empty());
    }

    /** The intent of "this file by this owner": SHA-256 of the file, and the owner. */
    public static String intentOf(Path deltaFile, String owner) throws IOException {
        try (DeltaFile file = DeltaFile.open(deltaFile)) {
            return "%s by %s".formatted(file.fileHash().hex(), owner);
        }
    }
}
