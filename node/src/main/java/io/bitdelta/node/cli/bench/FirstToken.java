package io.bitdelta.node.cli.bench;

import io.bitdelta.engine.bench.BenchResult;
import io.bitdelta.engine.bench.ModelRow;
import io.bitdelta.node.cli.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The installed program, started anew each time: from its start to the first character of a continued prompt. */
final class FirstToken {
    private static final double ALLOWED_SECONDS = 1.5;
    private static final int ROUNDS = 5;

    private FirstToken() {}

    /**
     * Measures.
     *
     * @param home the project, with the launcher and its models
     */
    static BenchResult measure(Path home, Path model) throws IOException {
        Path launcher = home.resolve("bitdelta");
        if (!Files.isExecutable(launcher)) {
            throw CommandException.usage(launcher + ": no launcher here; run this row from the installed program");
        }
        List<String> command = List.of(
                launcher.toString(),
                "model",
                "generate",
                "--model",
                model.toString(),
                "--prompt",
                "The government",
                "--max-tokens",
                "4");
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            best = Math.min(best, seconds(command));
        }
        return new BenchResult(ModelRow.FIRST_TOKEN.text(), best, "s", ALLOWED_SECONDS, best / ALLOWED_SECONDS);
    }

    private static double seconds(List<String> command) throws IOException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream out = process.getInputStream()) {
            int first = out.read();
            double seconds = (System.nanoTime() - start) / 1e9;
            out.transferTo(OutputStream.nullOutputStream());
            if (first < 0) {
                throw CommandException.failure("the program printed nothing: " + String.join(" ", command));
            }
            return seconds;
        } finally {
            process.destroy();
        }
    }
}
