package io.bitdelta.node.cli.privacy;

import io.bitdelta.engine.privacy.GaussianAccountant;
import io.bitdelta.node.cli.Output;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code privacy noise}. */
@Command(
        name = "noise",
        description = "The least noise multiplier that keeps a training run within an epsilon.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta privacy noise --rate 0.04 --epsilon 8 --steps 2250 --delta 1e-5"})
final class PrivacyNoise implements Callable<Integer> {
    @Option(names = "--rate", required = true, description = "Probability with which an example takes part in a step.")
    private double rate;

    @Option(names = "--epsilon", required = true, description = "The target.")
    private double epsilon;

    @Option(names = "--steps", required = true, description = "Steps of the run.")
    private long steps;

    @Option(names = "--delta", required = true, description = "Probability with which the bound may fail.")
    private double delta;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    PrivacyNoise() {}

    @Override
    public Integer call() {
        double noise = GaussianAccountant.noise(rate, steps, epsilon, delta);
        output.result(Map.of("noise", noise), text -> text.printf("noise      %s%n", noise));
        return 0;
    }
}
