package io.bitdelta.engine.calibrate;

/** The figure by which people judge a calibration for a purpose; an objective is what can be differentiated instead. */
public enum Metric {
    /** Of the text as a whole: 1 is certainty, less is better. */
    PERPLEXITY("perplexity"),
    /** The share of positions at which the likeliest token is the fine-tune's; more is better. */
    AGREEMENT("agreement"),
    /** Of the positions that the domain emphasises alone; less is better. */
    EMPHASISED_PERPLEXITY("emphasisedPerplexity"),
    /** The share of emphasised positions whose token is the likeliest: a figure is right or wrong; more is better. */
    EMPHASISED_ACCURACY("emphasisedAccuracy");

    private final String text;

    Metric(String text) {
        this.text = text;
    }

    /** What reports and manifests call it. */
    public String text() {
        return text;
    }

    /** Whether the positions that count are the emphasised ones. */
    boolean emphasised() {
        return this == EMPHASISED_PERPLEXITY || this == EMPHASISED_ACCURACY;
    }
}
