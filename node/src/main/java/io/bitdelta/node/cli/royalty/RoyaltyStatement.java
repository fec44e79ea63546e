package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.config.DurableFiles;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.royalty.statement.Statement;
import io.bitdelta.node.royalty.statement.StatementCsv;
import io.bitdelta.node.royalty.statement.StatementView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code royalty statement}. */
@Command(
        name = "statement",
        description = {
            "What an identity earned and claimed in a period, line by line, from an opening to a closing balance.",
            "As CSV (RFC 4180), or as JSON with --json. Periods are cut by block time in UTC."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  bitdelta royalty statement --did did:lux:31337:0x1111... --from 2026-11-01 --to 2026-12-01 --out november.csv"
        })
final class RoyaltyStatement implements Callable<Integer> {
    @Option(names = "--did", required = true, paramLabel = "DID", description = "did:lux:<chainId>:<address>")
    private LuxDid did = LuxDid.of(1, "0x0000000000000000000000000000000000000000");

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TIME",
            description = "First day (2026-11-01) or moment (RFC 3339).")
    private String from = "";

    @Option(names = "--to", required = true, paramLabel = "TIME", description = "First day or moment after the period.")
    private String to = "";

    @Mixin
    private TokenOption token = new TokenOption();

    @Option(names = "--out", paramLabel = "FILE", description = "Write the CSV there, whole or not at all.")
    private @Nullable Path out;

    @Mixin
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        Instant begin = moment("--from", from);
        Instant end = moment("--to", to);
        Told told = where.ask(node -> told(node, begin, end), node -> reckoned(node, begin, end));
        if (out != null) {
            DurableFiles.write(out, told.csv().getBytes(StandardCharsets.UTF_8));
            output.say("written to " + out);
        }
        output.result(told.view(), printed -> {
            if (out == null) {
                printed.print(told.csv());
            }
        });
        return ExitCode.OK;
    }

    /** One statement in its two forms. */
    private record Told(StatementView view, String csv) {}

    private Told told(ApiClient node, Instant begin, Instant end) {
        String path = "/api/royalties/%s/statement?from=%s&to=%s%s"
                .formatted(
                        ApiClient.escape(did.toString()),
                        begin,
                        end,
                        token.named().map(one -> "&token=" + one.hex()).orElse(""));
        return new Told(
                JsonMapper.shared().treeToValue(node.get(path), StatementView.class), node.text(path, "text/csv"));
    }

    private Told reckoned(LocalNode node, Instant begin, Instant end) throws IOException {
        node.catchUp();
        Statement statement = node.royalties().statements().of(did, token.named(), begin, end);
        return new Told(StatementView.of(statement), StatementCsv.of(statement));
    }

    private static Instant moment(String option, String text) {
        try {
            return text.length() == "2026-11-01".length()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw CommandException.usage(
                    "%s: \"%s\" is neither a day like 2026-11-01 nor a moment like 2026-11-01T12:00:00Z"
                            .formatted(option, text));
        }
    }
}
