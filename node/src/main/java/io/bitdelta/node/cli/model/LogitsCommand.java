package io.bitdelta.node.cli.model;

import io.bitdelta.engine.model.LogitsFile;
import io.bitdelta.engine.serve.LocalModel;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.node.cli.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code model logits}. */
@Command(
        name = "logits",
        description = "Write the logits after each of some tokens as safetensors: F32 [tokens, vocab], name logits.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  bitdelta model logits --model models/tiny-qwen3/base --tokens 1,2,3 --out logits.safetensors"
        })
final class LogitsCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Option(
            names = "--tokens",
            required = true,
            split = ",",
            paramLabel = "N",
            description = "Tokens by number, from the start of a sequence.")
    private List<Integer> tokens;

    @Option(names = "--out", required = true, paramLabel = "F", description = "The file to write.")
    private Path out;

    @Mixin
    private Output output;

    private record Result(List<Long> shape, String out, double seconds) {}

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    LogitsCommand() {}

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
        Shape shape;
        try (LocalModel local = model.open()) {
            shape = LogitsFile.write(local.model(), ids, out);
        }
        Result result = new Result(shape.dims(), out.toString(), (System.nanoTime() - start) / 1e9);
        output.result(result, text -> {
            text.printf("logits     %s %s%n", result.out(), shape);
            text.printf("time       %.2f s%n", result.seconds());
        });
        return 0;
    }
}
