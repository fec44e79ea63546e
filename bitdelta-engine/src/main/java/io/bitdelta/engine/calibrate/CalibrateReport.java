package io.bitdelta.engine.calibrate;

import io.bitdelta.engine.codec.DeltaWriteReport;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a calibration did; losses are those of the objective on the part of the text that was held out.
 *
 * @param objective its name
 * @param lossBefore with the scales that came in
 * @param lossAfter with those that went out
 * @param perplexityBefore of the held-out part, with the scales that came in
 * @param perplexityAfter with those that went out
 * @param judged the figure that the objective is judged by
 * @param steps taken
 * @param scales how many were fitted
 * @param seconds taken
 * @param delta the file written
 */
public record CalibrateReport(
        String objective,
        double lossBefore,
        double lossAfter,
        double perplexityBefore,
        double perplexityAfter,
        Judged judged,
        int steps,
        long scales,
        double seconds,
        DeltaWriteReport delta) {
    /**
     * A metric on the part of the text that was held out.
     *
     * @param metric which
     * @param before with the scales that came in; not a number when no position counts
     * @param after with those that went out; likewise
     * @param positions that it is of
     */
    public record Judged(Metric metric, double before, double after, long positions) {}

    /** The {@code calibration} section of a manifest (FORMATS section 5); decimals are texts. */
    public Map<String, Object> manifestSection() {
        Map<String, Object> section = new TreeMap<>();
        section.put("lossAfter", decimal(lossAfter));
        section.put("lossBefore", decimal(lossBefore));
        section.put("metric", judged.metric().text());
        section.put("metricPositions", judged.positions());
        if (judged.positions() > 0) {
            section.put("metricAfter", decimal(judged.after()));
            section.put("metricBefore", decimal(judged.before()));
        }
        section.put("objective", objective);
        section.put("steps", steps);
        return section;
    }

    private static String decimal(double value) {
        return new BigDecimal(value, new MathContext(9)).stripTrailingZeros().toPlainString();
    }
}
