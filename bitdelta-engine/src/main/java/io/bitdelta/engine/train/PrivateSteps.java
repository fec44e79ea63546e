package io.bitdelta.engine.train;

import io.bitdelta.engine.privacy.BudgetLedger;
import io.bitdelta.engine.privacy.GaussianAccountant;
import io.bitdelta.engine.privacy.PrivacyStatement;
import io.bitdelta.engine.privacy.SubsampledGaussian;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The private side of a run: the noise that its budget asks for, Poisson samples, the charge and the statement. */
final class PrivateSteps implements AutoCloseable {
    private final PrivateOptions options;
    private final SubsampledGaussian mechanism;
    private final int expected;
    private final int examples;
    private final int steps;
    private final RandomGenerator random;
    private final BudgetLedger ledger;

    private PrivateSteps(
            PrivateOptions options,
            SubsampledGaussian mechanism,
            int expected,
            int examples,
            int steps,
            RandomGenerator random,
            BudgetLedger ledger) {
        this.options = options;
        this.mechanism = mechanism;
        this.expected = expected;
        this.examples = examples;
        this.steps = steps;
        this.random = random;
        this.ledger = ledger;
    }

    /**
     * Charges the whole run, unless it is continued.
     *
     * @param random of cryptographic strength: who can guess it can take the noise away
     */
    static PrivateSteps begin(
            PrivateOptions options, TrainOptions run, int examples, boolean continued, RandomGenerator random)
            throws IOException {
        if (run.batch() > examples) {
            throw new TrainingOptionException("a batch of %d out of %d sequences is no sample; use a smaller one"
                    .formatted(run.batch(), examples));
        }
        double rate = (double) run.batch() / examples;
        double noise = GaussianAccountant.noise(rate, run.steps(), options.epsilon(), options.delta());
        BudgetLedger ledger = BudgetLedger.open(options.ledger());
        try {
            if (!continued || !ledger.isOpen(options.run())) {
                ledger.reserve(options.run(), BudgetLedger.Amount.of(options.epsilon(), options.delta()));
            }
        } catch (IOException | RuntimeException e) {
            ledger.close();
            throw e;
        }
        return new PrivateSteps(
                options, new SubsampledGaussian(rate, noise), run.batch(), examples, run.steps(), random, ledger);
    }

    /** Every example takes part with the same probability, whatever the others do. */
    List<Example> sample(List<Example> all) {
        List<Example> sample = new ArrayList<>();
        for (int i = 0; i < examples; i++) {
            if (random.nextDouble() < mechanism.rate()) {
                sample.add(all.get(i));
            }
        }
        return sample;
    }

    /** A noisy gradient of a sample. */
    GradientSource.Result gradients(GradientSource source, List<Example> sample) {
        return source.clippedNoisyMean(sample, options.clipNorm(), mechanism.noise(), expected, random);
    }

    /** Ends the run: its statement, and the charge of what it has really spent. */
    PrivacyStatement settle() throws IOException {
        PrivacyStatement statement = PrivacyStatement.of(mechanism, steps, options.delta(), options.clipNorm());
        ledger.settle(options.run(), new BudgetLedger.Amount(statement.epsilonMilli(), statement.deltaE18()));
        return statement;
    }

    @Override
    public void close() throws IOException {
        ledger.close();
    }
}
