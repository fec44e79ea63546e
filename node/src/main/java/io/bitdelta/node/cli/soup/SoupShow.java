package io.bitdelta.node.cli.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.royalty.view.SoupView;
import io.bitdelta.node.soup.SoupRegister;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code soup show}. */
@Command(
        name = "show",
        description = "One soup on the registry: where it stands, what it is of, and what it took in and gave out.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta soup show 0x93ab... --node https://node.example"})
final class SoupShow implements Callable<Integer> {
    @Parameters(paramLabel = "SOUP", description = "Soup id, 0x and 64 hex digits.")
    private Bytes32 soupId = Bytes32.ZERO;

    @Mixin
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        SoupView view = where.ask(
                node -> JsonMapper.shared().treeToValue(node.get("/api/soups/" + soupId.hex()), SoupView.class),
                this::looked);
        output.result(view, out -> {
            SoupRegister.Entry soup = view.soup();
            out.println("soup " + soup.id() + " " + soup.status());
            out.println("  proposer  " + soup.proposer());
            out.println("  base      " + soup.baseHash());
            out.println("  manifest  " + soup.manifest());
            out.println("  rule      %s of %d members, weights %s of %d payees"
                    .formatted(soup.rule(), soup.members(), soup.weightsRule(), soup.payees()));
            out.println("  chain     block %d, transaction %s, window to %s"
                    .formatted(soup.block(), soup.tx(), soup.closesAt()));
            view.pots()
                    .forEach(pot -> out.println("  pot       %s: received %s, paid %s"
                            .formatted(
                                    pot.symbol(),
                                    pot.received().shown(),
                                    pot.paid().shown())));
        });
        return ExitCode.OK;
    }

    private SoupView looked(LocalNode node) throws IOException {
        node.catchUp();
        SoupRegister register = new SoupRegister(node.database());
        return register.find(soupId)
                .map(soup -> SoupView.of(soup, node.royalties(), register.slash(soupId)))
                .orElseThrow(() -> CommandException.usage("no soup %s on this registry".formatted(soupId)));
    }
}
