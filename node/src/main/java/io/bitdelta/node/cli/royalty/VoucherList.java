package io.bitdelta.node.cli.royalty;

import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.royalty.view.VoucherView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.json.JsonMapper;

/** {@code royalty voucher list}. */
@Command(
        name = "list",
        description = "The newest voucher of each payer, soup and token that this node has stored.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta royalty voucher list --json"})
final class VoucherList implements Callable<Integer> {
    @Mixin
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        List<VoucherView> vouchers = where.ask(VoucherList::told, VoucherList::stored);
        output.result(Map.of("vouchers", vouchers), out -> {
            vouchers.forEach(voucher -> out.printf(
                    "%s to soup %s: %s units of %s until %d%n",
                    voucher.payer(), voucher.soup(), voucher.cumulative(), voucher.token(), voucher.expiry()));
            if (vouchers.isEmpty()) {
                out.println("no vouchers");
            }
        });
        return ExitCode.OK;
    }

    private static List<VoucherView> told(ApiClient node) {
        List<VoucherView> vouchers = new ArrayList<>();
        node.get("/api/royalties/vouchers/all")
                .path("vouchers")
                .forEach(voucher -> vouchers.add(JsonMapper.shared().treeToValue(voucher, VoucherView.class)));
        return vouchers;
    }

    private static List<VoucherView> stored(LocalNode node) {
        return node.royalties().vouchers().newest().stream()
                .map(VoucherView::of)
                .toList();
    }
}
