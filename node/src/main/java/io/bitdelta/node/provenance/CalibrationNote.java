package io.bitdelta.node.provenance;

import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a delta's scales were fitted: the manifest's section {@code calibration}. Figures are of the part of the text that was
 * held out; decimals are texts.
 *
 * @param objective what was made small, e.g. {@code kl} or a domain
 * @param steps taken
 * @param lossBefore with the scales that came in
 * @param lossAfter with those that went out
 * @param metric the figure that the objective is judged by
 * @param metricPositions how many positions it is of
 * @param metricBefore with the scales that came in; none when it is of no position
 * @param metricAfter with those that went out; likewise
 */
public record CalibrationNote(
        String objective,
        long steps,
        String lossBefore,
        String lossAfter,
        String metric,
        long metricPositions,
        Optional<String> metricBefore,
        Optional<String> metricAfter) {
    private static final Pattern WORD = Pattern.compile("[a-zA-Z0-9-]{1,60}");

    /** Checks that words and decimals are ones. */
    public CalibrationNote {
        if (!WORD.matcher(objective).matches() || !WORD.matcher(metric).matches()) {
            throw new ProvenanceException(
                    "calibration: \"%s\" judged by \"%s\" are no words of a-z, 0-9 and -".formatted(objective, metric));
        }
        TrainingRecord.decimal("calibration.lossBefore", lossBefore);
        TrainingRecord.decimal("calibration.lossAfter", lossAfter);
        metricBefore.ifPresent(text -> TrainingRecord.decimal("calibration.metricBefore", text));
        metricAfter.ifPresent(text -> TrainingRecord.decimal("calibration.metricAfter", text));
    }

    static CalibrationNote of(JsonObject section) {
        return new CalibrationNote(
                section.text("objective"),
                section.whole("steps", 0, JsonValue.INTEGER_BOUND),
                section.text("lossBefore"),
                section.text("lossAfter"),
                section.text("metric"),
                section.whole("metricPositions", 0, JsonValue.INTEGER_BOUND),
                section.optionalText("metricBefore"),
                section.optionalText("metricAfter"));
    }

    /** The manifest's section {@code calibration}. */
    public JsonValue section() {
        ObjectBuilder section = new ObjectBuilder()
                .put("lossAfter", lossAfter)
                .put("lossBefore", lossBefore)
                .put("metric", metric)
                .put("metricPositions", metricPositions)
                .put("objective", objective)
                .put("steps", steps);
        metricBefore.ifPresent(text -> section.put("metricBefore", text));
        metricAfter.ifPresent(text -> section.put("metricAfter", text));
        return section.build();
    }
}
