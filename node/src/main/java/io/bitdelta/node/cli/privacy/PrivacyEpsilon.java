package io.bitdelta.node.cli.privacy;

import io.bitdelta.engine.privacy.GaussianAccountant;
import io.bitdelta.engine.privacy.SubsampledGaussian;
import io.bitdelta.node.cli.Output;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code privacy epsilon}. */
@Command(
        name = "epsilon",
        description =
                "The epsilon of a training run with the Poisson-subsampled Gaussian mechanism (arXiv 1908.10530).",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta privacy epsilon --rate 0.04 --noise 1.5 --steps 2250 --delta 1e-5"})
final class PrivacyEpsilon implements Callable<Integer> {
    @Option(names = "--rate", required = true, description = "Probability with which an example takes part in a step.")
    private double rate;

    @Option(
            names = "--noise",
            required = true,
            description = "Noise multiplier: standard deviation over the clipping norm.")
    private double noise;

    @Option(names = "--steps", required = true, description = "Steps of the run.")
    private long steps;

    @Option(names = "--delta", required = true, description = "Probability with which the bound may fail.")
    private double delta;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    PrivacyEpsilon() {}

    @Override
    public Integer call() {
        GaussianAccountant.Spent spent = GaussianAccountant.spent(new SubsampledGaussian(rate, noise), steps, delta);
        output.result(spent, text -> {
            text.printf("epsilon    %s%n", spent.epsilon());
            text.printf("order      %s%n", spent.order());
        });
        return 0;
    }
}
