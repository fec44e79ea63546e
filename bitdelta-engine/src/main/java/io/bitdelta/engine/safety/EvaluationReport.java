package io.bitdelta.engine.safety;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.tensor.CanonicalJson;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What goes with a manifest: which delta over which base was measured with which tokenizer and suites, and what came out.
 * Its bytes are canonical JSON (RFC 8785, decimals as strings of six significant digits), so that a signature is over one
 * text only. It holds neither owner nor time.
 *
 * @param deltaHash SHA-256 of the delta file
 * @param baseHash the base's weights hash
 * @param tokenizerHash SHA-256 of {@code tokenizer.json}
 * @param suites the scores
 */
public record EvaluationReport(Hash32 deltaHash, Hash32 baseHash, Hash32 tokenizerHash, List<SuiteScore> suites) {
    /** The document's schema. */
    public static final String SCHEMA = "bitdelta/evaluation/1";

    /** Copies the scores. */
    public EvaluationReport {
        suites = List.copyOf(suites);
    }

    /** Whether every suite passes the gate. */
    public boolean ok() {
        return suites.stream().allMatch(SuiteScore::ok);
    }

    /** The document. */
    public byte[] bytes() {
        List<Object> scores = new ArrayList<>();
        for (SuiteScore score : suites) {
            Map<String, Object> one = new HashMap<>();
            one.put("suite", score.suite());
            one.put("kind", score.kind().name().toLowerCase(Locale.ROOT));
            one.put("hash", score.hash().hex());
            one.put("items", (long) score.items());
            one.put("score", decimal(score.score()));
            one.put("baseScore", decimal(score.baseScore()));
            one.put("relative", decimal(score.relative()));
            one.put("ok", score.ok());
            scores.add(one);
        }
        Map<String, Object> document = new HashMap<>();
        document.put("schema", SCHEMA);
        document.put("delta", deltaHash.hex());
        document.put("base", baseHash.hex());
        document.put("tokenizer", tokenizerHash.hex());
        document.put("gate", decimal(Evaluation.GATE));
        document.put("suites", scores);
        document.put("ok", ok());
        return CanonicalJson.of(document).getBytes(StandardCharsets.UTF_8);
    }

    private static String decimal(double value) {
        BigDecimal rounded = new BigDecimal(value, new MathContext(6, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        return rounded.signum() == 0 ? "0" : rounded.toPlainString();
    }
}
