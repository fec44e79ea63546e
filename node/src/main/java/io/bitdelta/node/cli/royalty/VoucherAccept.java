package io.bitdelta.node.cli.royalty;

import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.royalty.view.VoucherView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code royalty voucher accept}. */
@Command(
        name = "accept",
        description = {
            "Take a voucher that a payer signed elsewhere. It is checked: signature, newer than the last one, covered by the"
                    + " payer's escrow, long enough to be settled."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta royalty voucher accept voucher.json"})
final class VoucherAccept implements Callable<Integer> {
    private static final int LONGEST = 4096;
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    @Parameters(paramLabel = "FILE", description = "The voucher as issue --json prints it.")
    private Path file = Path.of("");

    @Mixin
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        if (Files.size(file) > LONGEST) {
            throw CommandException.usage("%s is no voucher: it has more than %d bytes".formatted(file, LONGEST));
        }
        VoucherView given;
        try {
            given = STRICT.readValue(Files.readAllBytes(file), VoucherView.class);
        } catch (JacksonException malformed) {
            throw CommandException.usage("%s is no voucher: %s".formatted(file, malformed.getOriginalMessage()));
        }
        VoucherView view = where.ask(
                node -> JsonMapper.shared().treeToValue(node.post("/api/royalties/vouchers", given), VoucherView.class),
                node -> VoucherView.of(node.royalties().vouchers().accept(given.voucher())));
        output.result(
                view,
                out -> out.printf(
                        "accepted: %s owes %s units to soup %s%n", view.payer(), view.cumulative(), view.soup()));
        return ExitCode.OK;
    }
}
