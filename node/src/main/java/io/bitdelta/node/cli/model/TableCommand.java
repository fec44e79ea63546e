package io.bitdelta.node.cli.model;

import io.bitdelta.engine.calibrate.QualityTable;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code model table}. */
@Command(
        name = "table",
        description = "Compare what every form of a delta costs and keeps, for all users of a folder of models.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Each user's folder holds heldout.txt, which judges, and may hold train.txt, which calibrated and learnt forms",
            "are fitted to. Takes some minutes per user.",
            "",
            "Example:",
            "  bitdelta model table --base models/tiny-qwen3/base --user ../shared/models/tiny-qwen3/user-a \\",
            "    --user ../shared/models/tiny-qwen3/user-b --user ../shared/models/tiny-qwen3/user-c \\",
            "    --text user-c=other.txt --train-steps 200 --threads 1"
        })
final class TableCommand implements Callable<Integer> {
    @Option(names = "--base", required = true, description = "The base: a folder in Hugging Face's layout.")
    private Path base;

    @Option(
            names = "--user",
            required = true,
            description = "A fine-tune's folder with heldout.txt, and train.txt if there is one; may be repeated.")
    private List<Path> users = new ArrayList<>();

    @Option(
            names = "--text",
            paramLabel = "USER=FILE",
            description = "Another training text for a user, by the name of the folder.")
    private Map<String, Path> texts = new LinkedHashMap<>();

    @Option(
            names = "--train-steps",
            defaultValue = "300",
            description = "Steps of the forms learnt from the text, 0 for none of them (default: ${DEFAULT-VALUE}).")
    private int trainSteps;

    @Option(names = "--threads", description = "Threads (default: all processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    TableCommand() {}

    @Override
    public Integer call() throws Exception {
        List<Map<String, Object>> results = new ArrayList<>();
        for (Path user : users) {
            String name = String.valueOf(user.toAbsolutePath().normalize().getFileName());
            Path judged = user.resolve("heldout.txt");
            if (!Files.isRegularFile(judged)) {
                throw CommandException.usage(judged + ": no such file; it is the text that perplexities are of");
            }
            Path own = texts.getOrDefault(name, user.resolve("train.txt"));
            Optional<Path> text = Files.isRegularFile(own) ? Optional.of(own) : Optional.empty();
            Path work = Files.createTempDirectory("bitdelta-table");
            try {
                List<QualityTable.Row> rows = QualityTable.rows(
                        base, user, judged, text, work, threads, trainSteps, row -> output.say(line(name, row)));
                results.add(Map.of("user", name, "rows", rows));
            } finally {
                delete(work);
            }
        }
        output.result(
                Map.of("users", results),
                out -> results.forEach(result -> {
                    out.printf(
                            "%n| %s | bytes | ratio | perplexity | gain kept |%n| --- | --- | --- | --- | --- |%n",
                            result.get("user"));
                    if (result.get("rows") instanceof List<?> rows) {
                        for (Object row : rows) {
                            if (row instanceof QualityTable.Row shown) {
                                out.println(line("", shown));
                            }
                        }
                    }
                }));
        return 0;
    }

    private static String line(String user, QualityTable.Row row) {
        return String.format(
                Locale.ROOT,
                "%s| %s | %,d | %.2f | %.2f | %.3f |",
                user.isEmpty() ? "" : user + " ",
                row.form(),
                row.bytes(),
                row.ratio(),
                row.perplexity(),
                row.gain());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
