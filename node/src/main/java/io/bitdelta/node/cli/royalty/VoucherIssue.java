package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.royalty.Royalties;
import io.bitdelta.node.royalty.view.VoucherView;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code royalty voucher issue}. */
@Command(
        name = "issue",
        description = "Sign this node's voucher for all metered use of a soup. It is stored before it is printed.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta royalty voucher issue 0x93ab... --json >voucher.json"})
final class VoucherIssue implements Callable<Integer> {
    @Parameters(paramLabel = "SOUP", description = "Soup id, 0x and 64 hex digits.")
    private Bytes32 soup = Bytes32.ZERO;

    @Mixin
    private TokenOption token = new TokenOption();

    @Mixin
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        VoucherView view = where.ask(
                node -> JsonMapper.shared()
                        .treeToValue(
                                node.post(
                                        "/api/royalties/vouchers/issue",
                                        Map.of(
                                                "soup",
                                                soup.hex(),
                                                "token",
                                                token.orNative().hex())),
                                VoucherView.class),
                node -> {
                    Royalties royalties = node.royalties();
                    return VoucherView.of(royalties
                            .vouchers()
                            .issue(royalties.ownChannel(soup, token.orNative()), royalties.account()));
                });
        output.result(
                view,
                out -> out.printf(
                        "%s owes %s units to soup %s until %d, signature %s%n",
                        view.payer(), view.cumulative(), view.soup(), view.expiry(), view.signature()));
        return ExitCode.OK;
    }
}
