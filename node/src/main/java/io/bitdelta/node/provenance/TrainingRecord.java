package io.bitdelta.node.provenance;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.engine.work.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a training wrote about itself and the delta that came of it, beside the delta: canonical JSON, decimals as texts. It
 * names the delta file by its hash. A file that was changed since, e.g. calibrated on a text, is another file, and a
 * guarantee of this training says nothing about it.
 *
 * @param baseHash weights hash of the base
 * @param fileHash SHA-256 of the delta file
 * @param method e.g. {@code lora}
 * @param steps taken
 * @param tokens learnt from; a private training does not tell, since lengths of examples would tell about the text
 * @param parameters numbers learnt
 * @param learningRate the peak, a decimal
 * @param loss nats per token at the end, a decimal; a private training tells none
 * @param compressionRatio bytes of the base over bytes of the delta, a decimal
 * @param privacy what it guarantees
 * @param calibration how the scales were fitted, if they were: the last training of a delta may be that of its scales
 * @param startedAt in whole seconds
 * @param finishedAt in whole seconds
 */
public record TrainingRecord(
        Bytes32 baseHash,
        Bytes32 fileHash,
        String method,
        long steps,
        Optional<Long> tokens,
        long parameters,
        String learningRate,
        Optional<String> loss,
        String compressionRatio,
        Optional<PrivacyClaim> privacy,
        Optional<CalibrationNote> calibration,
        Instant startedAt,
        Instant finishedAt) {
    /** The value of {@code schema}. */
    public static final String SCHEMA = "bitdelta/training/1";

    /** The longest record in bytes. */
    public static final int MAX_BYTES = 1 << 13;

    private static final String SUFFIX = ".training.json";
    private static final Pattern METHOD = Pattern.compile("[a-z0-9-]{1,60}");
    private static final Pattern DECIMAL = Pattern.compile("(0|[1-9][0-9]{0,19})(\\.[0-9]{0,39}[1-9])?");

    /** Checks that the words and decimals are ones, and the times in order. */
    public TrainingRecord {
        if (!METHOD.matcher(method).matches()) {
            throw new ProvenanceException("training.method: \"" + method + "\" is no word of a-z, 0-9 and -");
        }
        decimal("learningRate", learningRate);
        decimal("compressionRatio", compressionRatio);
        loss.ifPresent(text -> decimal("loss", text));
        if (privacy.isPresent() && (loss.isPresent() || tokens.isPresent())) {
            throw new ProvenanceException(
                    "training: a private training tells neither loss nor tokens, they would tell about the text");
        }
        if (privacy.isPresent() && calibration.isPresent()) {
            throw new ProvenanceException(
                    "training: scales that were fitted to a text tell about it, so nothing is guaranteed any more");
        }
        if (finishedAt.isBefore(startedAt) || startedAt.getEpochSecond() < 0) {
            throw new ProvenanceException("finishedAt: %s is before startedAt %s".formatted(finishedAt, startedAt));
        }
    }

    /** Where the record of a delta file is by default: beside it. */
    public static Path beside(Path deltaFile) {
        return deltaFile.resolveSibling(deltaFile.getFileName() + SUFFIX);
    }

    /** The record beside a delta file, if there is one. */
    public static Optional<TrainingRecord> find(Path deltaFile) throws IOException {
        Path file = beside(deltaFile);
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    /**
     * Reads a file.
     *
     * @throws ProvenanceException when it is no record
     */
    public static TrainingRecord read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return parse(in.readNBytes(MAX_BYTES + 1));
        } catch (ProvenanceException malformed) {
            throw new ProvenanceException(file + ": " + malformed.getMessage(), malformed);
        }
    }

    /**
     * Reads {@link #bytes}.
     *
     * @throws ProvenanceException when it is no record, or its privacy claim does not hold
     */
    public static TrainingRecord parse(byte[] bytes) {
        try {
            JsonObject root = JsonObject.of("training record", CanonicalJson.read(bytes, MAX_BYTES));
            if (!root.text("schema").equals(SCHEMA)) {
                throw new ProvenanceException("schema: \"" + root.text("schema") + "\" is not " + SCHEMA);
            }
            JsonObject training = root.object("training");
            return new TrainingRecord(
                    root.bytes32("base"),
                    root.bytes32("delta"),
                    training.text("method"),
                    training.whole("steps", 0, JsonValue.INTEGER_BOUND),
                    training.has("tokens")
                            ? Optional.of(training.whole("tokens", 0, JsonValue.INTEGER_BOUND))
                            : Optional.empty(),
                    training.whole("parameters", 0, JsonValue.INTEGER_BOUND),
                    training.text("learningRate"),
                    training.optionalText("loss"),
                    root.text("compressionRatio"),
                    root.optionalObject("privacy").map(PrivacyClaim::of),
                    root.optionalObject("calibration").map(CalibrationNote::of),
                    Instant.ofEpochSecond(root.whole("startedAt", 0, JsonValue.INTEGER_BOUND >> 8)),
                    Instant.ofEpochSecond(root.whole("finishedAt", 0, JsonValue.INTEGER_BOUND >> 8)));
        } catch (JsonException malformed) {
            throw new ProvenanceException(String.valueOf(malformed.getMessage()), malformed);
        }
    }

    static void decimal(String key, String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw new ProvenanceException("%s: \"%s\" is not a decimal".formatted(key, text));
        }
    }

    /** The canonical bytes. */
    public byte[] bytes() {
        ObjectBuilder root = new ObjectBuilder()
                .put("base", baseHash)
                .put("compressionRatio", compressionRatio)
                .put("delta", fileHash)
                .put("finishedAt", finishedAt.getEpochSecond())
                .put("schema", SCHEMA)
                .put("startedAt", startedAt.getEpochSecond())
                .put("training", training().put("parameters", parameters).build());
        privacy.ifPresent(claim -> root.put("privacy", claim.json()));
        calibration.ifPresent(note -> root.put("calibration", note.section()));
        return CanonicalJson.write(root.build());
    }

    private ObjectBuilder training() {
        ObjectBuilder training = new ObjectBuilder()
                .put("learningRate", learningRate)
                .put("method", method)
                .put("steps", steps);
        tokens.ifPresent(count -> training.put("tokens", count));
        loss.ifPresent(text -> training.put("loss", text));
        return training;
    }

    /** The manifest's section {@code training}. */
    public JsonValue section() {
        return training()
                .put("durationSeconds", finishedAt.getEpochSecond() - startedAt.getEpochSecond())
                .build();
    }

    /** Writes the record, whole or not at all. */
    public void write(Path file) throws IOException {
        try (WholeFile whole = WholeFile.create(file)) {
            whole.write(MemorySegment.ofArray(bytes()), 0);
            whole.commit();
        }
    }
}
