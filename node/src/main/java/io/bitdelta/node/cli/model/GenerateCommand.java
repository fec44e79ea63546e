package io.bitdelta.node.cli.model;

import io.bitdelta.engine.model.TextTokenizer;
import io.bitdelta.engine.serve.Generator;
import io.bitdelta.engine.serve.LocalModel;
import io.bitdelta.engine.serve.Sampler;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.Output;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code model generate}. */
@Command(
        name = "generate",
        description = "Continue a prompt. The same seed gives the same text.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta model generate --model models/tiny-qwen3/base --prompt \"The government\"",
            "  bitdelta model generate --model models/tiny-qwen3/base --delta user-a.bitdelta --prompt \"KING\" \\",
            "      --max-tokens 60 --temperature 0.7 --seed 1"
        })
final class GenerateCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Option(names = "--prompt", required = true, paramLabel = "P", description = "The text to continue.")
    private String prompt;

    @Option(
            names = "--max-tokens",
            defaultValue = "64",
            paramLabel = "N",
            description = "The most tokens to generate (default: ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
            names = "--temperature",
            defaultValue = "0",
            paramLabel = "T",
            description = "0 takes the likeliest token each time (default: ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "S", description = "For temperatures above 0.")
    private long seed;

    @Mixin
    private Output output;

    @Spec
    private CommandSpec spec;

    private record Result(
            String text,
            int tokens,
            double tokensPerSecond,
            double firstTokenSeconds,
            int promptTokens,
            String finish) {}

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    GenerateCommand() {}

    @Override
    public Integer call() throws IOException {
        if (maxTokens < 1) {
            throw CommandException.usage("--max-tokens is " + maxTokens + ", at least 1 is needed");
        }
        if (!(temperature >= 0 && Double.isFinite(temperature))) {
            throw CommandException.usage("--temperature is " + temperature + ", expected is a number from 0 up");
        }
        // java.util.Random's sequence is part of its specification: a seed means the same text on every JDK.
        Sampler sampler = Sampler.temperature(temperature, new Random(seed));
        PrintWriter out = spec.commandLine().getOut();
        Consumer<String> pieces = output.json()
                ? piece -> {}
                : piece -> {
                    out.print(piece);
                    out.flush();
                };
        Generator.Result generated;
        try (LocalModel local = model.open();
                TextTokenizer tokenizer =
                        TextTokenizer.open(model.path(), local.weights().config())) {
            generated = new Generator(local.model(), tokenizer)
                    .generate(tokenizer.encode(prompt), local.delta(), maxTokens, sampler, pieces);
        }
        Result result = new Result(
                generated.text(),
                generated.tokens(),
                generated.tokensPerSecond(),
                generated.firstTokenSeconds(),
                generated.promptTokens(),
                generated.finish() == Generator.Finish.STOP ? "stop" : "length");
        output.result(result, text -> text.println());
        output.say("%d tokens, %.1f per second".formatted(result.tokens(), result.tokensPerSecond()));
        return 0;
    }
}
