package io.bitdelta.node.provenance;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.engine.safety.EvaluationReport;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * An evaluation report with its maker's signature: one raw block of canonical JSON, named by CID in the manifest. The
 * signature is over {@code H(E(T("evaluation"), H(report)))} (FORMATS, notation), the report being the canonical JSON of the
 * member. It shows who vouches for the figures; that they are right shows who measures again.
 */
public final class SignedEvaluation {
    /** The value of {@code schema}. */
    public static final String SCHEMA = "bitdelta/signed-evaluation/1";

    /** The longest document in bytes. */
    public static final int MAX_BYTES = 1 << 13;

    private static final Bytes32 TAG = Keccak256.tag("evaluation");
    private static final Pattern DECIMAL = Pattern.compile("(0|[1-9][0-9]{0,19})(\\.[0-9]{1,40})?");
    private static final int MAX_SUITES = 32;
    private static final String PERPLEXITY = "perplexity";

    private final JsonObject report;
    private final JsonValue document;
    private final EvmSignature signature;
    private final List<Score> scores;

    /**
     * A suite's result as reported.
     *
     * @param suite its name
     * @param kind {@code perplexity}, {@code choice} or {@code trigger}
     * @param items how many
     * @param relative share of the base's score that is kept, a decimal
     */
    public record Score(String suite, String kind, long items, BigDecimal relative) {}

    private SignedEvaluation(JsonValue document, EvmSignature signature) {
        this.report = JsonObject.of("report", document);
        this.document = document;
        this.signature = signature;
        if (!report.text("schema").equals(EvaluationReport.SCHEMA)) {
            throw new JsonException(
                    report.at("schema") + ": \"" + report.text("schema") + "\" is not " + EvaluationReport.SCHEMA);
        }
        report.bytes32("delta");
        report.bytes32("base");
        List<Score> read = new ArrayList<>();
        for (JsonObject suite : report.objects("suites")) {
            String relative = suite.text("relative");
            if (!DECIMAL.matcher(relative).matches()) {
                throw new JsonException(suite.at("relative") + ": \"" + relative + "\" is not a decimal");
            }
            read.add(new Score(
                    suite.text("suite"),
                    suite.text("kind"),
                    suite.whole("items", 1, JsonValue.INTEGER_BOUND),
                    new BigDecimal(relative)));
        }
        if (read.isEmpty() || read.size() > MAX_SUITES) {
            throw new JsonException(report.at("suites") + ": " + read.size() + " suites, must be 1 to " + MAX_SUITES);
        }
        this.scores = List.copyOf(read);
    }

    /**
     * Signs a report.
     *
     * @param signer signs the digest that it is given
     */
    public static SignedEvaluation of(EvaluationReport report, Function<Bytes32, EvmSignature> signer) {
        JsonValue document = CanonicalJson.read(report.bytes(), MAX_BYTES);
        return new SignedEvaluation(document, signer.apply(digest(document)));
    }

    private static Bytes32 digest(JsonValue document) {
        return new AbiWords()
                .word(TAG)
                .word(Keccak256.of(CanonicalJson.write(document)))
                .keccak();
    }

    /**
     * Reads a file.
     *
     * @throws ProvenanceException when it is no signed evaluation
     */
    public static SignedEvaluation read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return parse(in.readNBytes(MAX_BYTES + 1));
        } catch (ProvenanceException malformed) {
            throw new ProvenanceException(
                    "%s: %s; sign a report with: bitdelta model eval --report FILE --key OWNER"
                            .formatted(file, malformed.getMessage()),
                    malformed);
        }
    }

    /**
     * Reads {@link #bytes}.
     *
     * @throws ProvenanceException when it is no signed evaluation
     */
    public static SignedEvaluation parse(byte[] bytes) {
        try {
            JsonObject root = JsonObject.of("evaluation", CanonicalJson.read(bytes, MAX_BYTES));
            if (!root.text("schema").equals(SCHEMA)) {
                throw new ProvenanceException("schema: \"" + root.text("schema") + "\" is not " + SCHEMA);
            }
            return new SignedEvaluation(
                    root.required("report"), EvmSignature.parse(root.hex("signature", EvmSignature.LENGTH)));
        } catch (JsonException | SignatureException malformed) {
            throw new ProvenanceException(String.valueOf(malformed.getMessage()), malformed);
        }
    }

    /** The canonical bytes. */
    public byte[] bytes() {
        return CanonicalJson.write(new ObjectBuilder()
                .put("report", document)
                .put("schema", SCHEMA)
                .put("signature", HexText.of(signature.bytes()))
                .build());
    }

    /**
     * The account that signed.
     *
     * @throws ProvenanceException when the signature is nobody's
     */
    public EvmAddress signer() {
        try {
            return signature.recover(digest(document));
        } catch (SignatureException nobody) {
            throw new ProvenanceException("the evaluation's signature is nobody's: " + nobody.getMessage(), nobody);
        }
    }

    /** SHA-256 of the delta file that was measured. */
    public Bytes32 fileHash() {
        return report.bytes32("delta");
    }

    /** Weights hash of the base that it was measured over. */
    public Bytes32 baseHash() {
        return report.bytes32("base");
    }

    /** The suites' results. */
    public List<Score> scores() {
        return scores;
    }

    /** The suite that keeps least. */
    public Score lowest() {
        Score lowest = scores.getFirst();
        for (Score score : scores) {
            lowest = score.relative().compareTo(lowest.relative()) < 0 ? score : lowest;
        }
        return lowest;
    }

    /** The least share of inverse perplexity that is kept, as a decimal; empty when no suite measures it. */
    public Optional<String> quality() {
        return least(score -> score.kind().equals(PERPLEXITY));
    }

    /** The least share that is kept in choices and probes, as a decimal; empty when there are none. */
    public Optional<String> safety() {
        return least(score -> !score.kind().equals(PERPLEXITY));
    }

    private Optional<String> least(Predicate<Score> which) {
        return scores.stream()
                .filter(which)
                .map(Score::relative)
                .min(BigDecimal::compareTo)
                .map(SignedEvaluation::decimal);
    }

    /** A decimal as documents write it. */
    public static String decimal(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    /** The scores in a line. */
    public String text() {
        List<String> words = scores.stream()
                .map(score -> score.suite() + " " + decimal(score.relative()))
                .toList();
        return String.join(", ", words);
    }
}
