package io.bitdelta.node.cli.soup;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.codec.BaseMismatchException;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.MajoritySoup;
import io.bitdelta.engine.soup.SoupReport;
import io.bitdelta.engine.soup.SoupRule;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.WeightsHash;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code soup create}. */
@Command(
        name = "create",
        description = {
            "Mix 1-bit deltas of one base by a vote per coordinate; scales are the members' lower medians.",
            "certified abstains where as many hostile members as --byzantine says could have turned the vote."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  bitdelta soup create --base models/tiny-qwen3/base --rule majority --out soup.safetensors a.st b.st c.st"
        })
final class SoupCreate implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "MEMBER", description = "The delta files.")
    private List<Path> members = List.of();

    @Option(names = "--base", required = true, description = "The base that all members must be of.")
    private Path base = Path.of("");

    @Option(
            names = "--rule",
            converter = RuleConverter.class,
            description = "majority or certified. Default: majority.")
    private SoupRule rule = SoupRule.MAJORITY;

    @Option(names = "--byzantine", paramLabel = "F", description = "How many members may be hostile. Default: 0.")
    private int byzantine;

    @Option(names = "--out", required = true, description = "The soup file to write.")
    private Path out = Path.of("");

    @Mixin
    private Output output = new Output();

    static final class RuleConverter implements ITypeConverter<SoupRule> {
        @Override
        public SoupRule convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "majority" -> SoupRule.MAJORITY;
                case "certified" -> SoupRule.CERTIFIED;
                default -> throw new TypeConversionException("\"" + value + "\" is neither majority nor certified");
            };
        }
    }

    @Override
    public Integer call() throws Exception {
        if (byzantine < 0 || 2L * byzantine >= members.size()) {
            throw CommandException.usage("--byzantine is at least 0 and below half of the %d members, not %d"
                    .formatted(members.size(), byzantine));
        }
        requireBase(members.getFirst());
        SoupReport report = MajoritySoup.mix(members, out, rule, byzantine);
        output.result(report, text -> {
            text.printf("soup       %s, %,d bytes%n", out, report.bytes());
            text.printf("rule       %s, %d members, %d hostile at most%n", report.rule(), report.members(), byzantine);
            text.printf("certified  %,d of %,d coordinates%n", report.certified(), report.coordinates());
            text.printf("deltaHash  %s%n", report.deltaHash());
            text.printf("root       %s%n", report.root());
        });
        return ExitCode.OK;
    }

    /** The others are held to the first one by the vote. */
    private void requireBase(Path member) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(base);
                DeltaFile first = DeltaFile.open(member)) {
            Hash32 hash = WeightsHash.of(checkpoint, Progress.NONE);
            if (!first.header().metadata().baseHash().equals(hash)) {
                throw new BaseMismatchException(
                        member, first.header().metadata().baseHash(), base, hash);
            }
        }
    }
}
