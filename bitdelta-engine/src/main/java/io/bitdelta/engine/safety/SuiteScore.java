package io.bitdelta.engine.safety;

import io.bitdelta.engine.commit.Hash32;

/**
 * A suite's result.
 *
 * @param suite its name
 * @param kind what the score says
 * @param hash SHA-256 of the suite's file
 * @param items how many
 * @param score of the model, 0 to 1
 * @param baseScore of the base on the same items
 */
public record SuiteScore(String suite, Suite.Kind kind, Hash32 hash, int items, double score, double baseScore) {
    /** The share of the base's score that the model keeps; 1 where the base has none to lose. */
    public double relative() {
        return baseScore == 0 ? 1 : score / baseScore;
    }

    /** Whether it passes the gate. */
    public boolean ok() {
        return relative() >= Evaluation.GATE;
    }
}
