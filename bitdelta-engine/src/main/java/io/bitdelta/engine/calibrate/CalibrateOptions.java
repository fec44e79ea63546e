package io.bitdelta.engine.calibrate;

import io.bitdelta.engine.train.TrainingOptionException;

/**
 * How to calibrate.
 *
 * @param objective what is to become small
 * @param search how
 * @param steps optimiser steps, at least 1
 * @param batch sequences per step
 * @param length tokens per sequence
 * @param rate learning rate of the logarithms of the scales, with Adam
 * @param seed decides the order of the sequences
 * @param heldShare share of the text that is held out to stop early
 * @param evaluateEvery steps between two looks at it
 * @param patience looks without improvement after which it stops
 * @param threads for PyTorch
 */
public record CalibrateOptions(
        Objective objective,
        Search search,
        int steps,
        int batch,
        int length,
        double rate,
        long seed,
        double heldShare,
        int evaluateEvery,
        int patience,
        int threads) {
    /** How scales are moved. */
    public enum Search {
        /** All of them, along gradients (arXiv 1412.6980). */
        ADAM,
        /** All scales of a tensor by one factor, tensor after tensor, by Brent's method: cheap and coarse. */
        LINE
    }

    /** Checks the ranges. */
    public CalibrateOptions {
        if (steps < 1 || batch < 1 || evaluateEvery < 1 || patience < 1 || threads < 1) {
            throw new TrainingOptionException(
                    "steps, batch, evaluate-every, patience and threads must be at least 1, not %d, %d, %d, %d, %d"
                            .formatted(steps, batch, evaluateEvery, patience, threads));
        }
        if (!(rate > 0 && rate <= 1)) {
            throw new TrainingOptionException("the learning rate must be above 0 and at most 1, not " + rate);
        }
        if (!(heldShare > 0 && heldShare < 1)) {
            throw new TrainingOptionException("the held-out share must be above 0 and below 1, not " + heldShare);
        }
    }

    /** What does well on small and large models alike. */
    public static CalibrateOptions defaults() {
        return new CalibrateOptions(new Objective.Divergence(), Search.ADAM, 60, 4, 128, 0.03, 1, 0.1, 20, 3, 1);
    }

    /** These options with another objective. */
    public CalibrateOptions withObjective(Objective value) {
        return new CalibrateOptions(
                value, search, steps, batch, length, rate, seed, heldShare, evaluateEvery, patience, threads);
    }

    /** These options with another search. */
    public CalibrateOptions withSearch(Search value) {
        return new CalibrateOptions(
                objective, value, steps, batch, length, rate, seed, heldShare, evaluateEvery, patience, threads);
    }

    /** These options with other steps. */
    public CalibrateOptions withSteps(int value) {
        return new CalibrateOptions(
                objective, search, value, batch, length, rate, seed, heldShare, evaluateEvery, patience, threads);
    }

    /** These options with other sequences. */
    public CalibrateOptions withSequences(int newBatch, int newLength) {
        return new CalibrateOptions(
                objective, search, steps, newBatch, newLength, rate, seed, heldShare, evaluateEvery, patience, threads);
    }

    /** These options with another learning rate. */
    public CalibrateOptions withRate(double value) {
        return new CalibrateOptions(
                objective, search, steps, batch, length, value, seed, heldShare, evaluateEvery, patience, threads);
    }

    /** These options with another number of threads. */
    public CalibrateOptions withThreads(int value) {
        return new CalibrateOptions(
                objective, search, steps, batch, length, rate, seed, heldShare, evaluateEvery, patience, value);
    }
}
