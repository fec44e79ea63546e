package io.bitdelta.node.cli.model;

import io.bitdelta.attestation.sign.Keystore;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.engine.model.DeltaWeights;
import io.bitdelta.engine.model.Perplexity;
import io.bitdelta.engine.model.TextTokenizer;
import io.bitdelta.engine.safety.Evaluation;
import io.bitdelta.engine.safety.EvaluationReport;
import io.bitdelta.engine.safety.Suite;
import io.bitdelta.engine.safety.SuiteFile;
import io.bitdelta.engine.safety.SuiteScore;
import io.bitdelta.engine.serve.LocalModel;
import io.bitdelta.engine.work.WholeFile;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.TerminalProgress;
import io.bitdelta.node.cli.key.Password;
import io.bitdelta.node.provenance.SignedEvaluation;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code model eval}. */
@Command(
        name = "eval",
        description =
                "How well a model predicts a text (perplexity over windows of its context), or what a delta keeps of"
                        + " its base in suites.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta model eval --model models/tiny-qwen3/base --text my.txt",
            "  bitdelta model eval --model models/tiny-qwen3/base --delta user-a.bitdelta --text my.txt --json",
            "  bitdelta model eval --model models/tiny-qwen3/base --delta user-a.bitdelta --suite suites/*.jsonl \\",
            "    --report user-a.evaluation.json --key owner.json"
        })
final class EvalCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @ArgGroup(multiplicity = "1")
    private What what;

    private static final class What {
        @Option(names = "--text", required = true, paramLabel = "T", description = "A UTF-8 text.")
        private @Nullable Path text;

        @Option(
                names = "--suite",
                required = true,
                arity = "1..*",
                paramLabel = "F",
                description =
                        "Suites (JSON Lines), scored against the base; 3 is returned when one keeps less than 0.95.")
        private @Nullable List<Path> suites;

        What() {}
    }

    @Option(
            names = "--report",
            paramLabel = "F",
            description = "With --suite and --delta: write the report as canonical JSON; with --key signed, as"
                    + " registry publish --evaluation takes it.")
    private @Nullable Path report;

    @Option(names = "--key", paramLabel = "FILE", description = "With --report: the owner's keystore file.")
    private @Nullable Path key;

    @Mixin
    private Password password;

    @Option(
            names = "--window",
            paramLabel = "N",
            description =
                    "Tokens that are predicted without looking further back (default: the model's context, at most"
                            + " 2048).")
    private @Nullable Integer window;

    @Mixin
    private Output output;

    private record Result(double perplexity, long tokens, double seconds) {}

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    EvalCommand() {}

    private record Suites(List<Score> suites, boolean ok, double seconds) {}

    private record Score(
            String suite, String kind, int items, double score, double baseScore, double relative, boolean ok) {}

    @Override
    public Integer call() throws IOException {
        if (what.suites != null) {
            return suites(what.suites);
        }
        long start = System.nanoTime();
        String content = read(Objects.requireNonNull(what.text));
        Perplexity measured;
        try (LocalModel local = model.open();
                TextTokenizer tokenizer =
                        TextTokenizer.open(model.path(), local.weights().config())) {
            int[] ids = tokenizer.encode(content);
            int size = window == null ? Math.min(2048, local.weights().config().context()) : window;
            if (size < 1) {
                throw CommandException.usage("--window is " + size + ", at least 1 is needed");
            }
            try (TerminalProgress bar = TerminalProgress.start("eval", ids.length)) {
                measured = Perplexity.of(local.model(), ids, size, bar::add);
            }
        }
        Result result = new Result(measured.perplexity(), measured.tokens(), (System.nanoTime() - start) / 1e9);
        output.result(result, out -> {
            out.printf("perplexity %.2f%n", result.perplexity());
            out.printf("tokens     %,d%n", result.tokens());
            out.printf("time       %.2f s%n", result.seconds());
        });
        return 0;
    }

    private int suites(List<Path> files) throws IOException {
        long start = System.nanoTime();
        if (key != null && report == null) {
            throw CommandException.usage("--key signs a report: add --report FILE");
        }
        // Asked for before minutes of work, not after.
        @Nullable Secp256k1Key owner = key == null ? null : Keystore.open(key, password.read("the owner's key"));
        List<Suite> suites = new ArrayList<>();
        for (Path file : files) {
            suites.add(SuiteFile.read(file));
        }
        List<SuiteScore> scores;
        EvaluationReport written;
        try (LocalModel local = model.open();
                TextTokenizer tokenizer =
                        TextTokenizer.open(model.path(), local.weights().config())) {
            DeltaWeights delta = local.delta();
            if (delta == null) {
                throw CommandException.usage("--suite compares a delta with its base; name one with --delta");
            }
            int items = suites.stream().mapToInt(suite -> suite.items().size()).sum();
            try (TerminalProgress bar = TerminalProgress.start("suites", items)) {
                scores = new Evaluation(local.model(), local.base(), tokenizer).run(suites, bar::add);
            }
            written = new EvaluationReport(delta.fileHash(), delta.baseHash(), tokenizer.hash(), scores);
        }
        if (report != null) {
            byte[] document = owner == null
                    ? written.bytes()
                    : SignedEvaluation.of(written, owner::sign).bytes();
            try (WholeFile file = WholeFile.create(report)) {
                file.write(MemorySegment.ofArray(document), 0);
                file.commit();
            }
        }
        List<Score> rows = scores.stream()
                .map(score -> new Score(
                        score.suite(),
                        score.kind().name().toLowerCase(Locale.ROOT),
                        score.items(),
                        score.score(),
                        score.baseScore(),
                        score.relative(),
                        score.ok()))
                .toList();
        output.result(new Suites(rows, written.ok(), (System.nanoTime() - start) / 1e9), out -> {
            for (Score row : rows) {
                out.printf(
                        "%-24s %-10s %4d items  %.4f, base %.4f, keeps %.3f  %s%n",
                        row.suite(),
                        row.kind(),
                        row.items(),
                        row.score(),
                        row.baseScore(),
                        row.relative(),
                        row.ok() ? "ok" : "FAILS");
            }
        });
        return written.ok() ? ExitCode.OK : ExitCode.DOES_NOT_HOLD;
    }

    private static String read(Path text) throws IOException {
        try {
            return Files.readString(text);
        } catch (CharacterCodingException e) {
            throw CommandException.usage(text + " is not UTF-8 text; convert it first");
        }
    }
}
