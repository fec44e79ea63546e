package io.bitdelta.node.cli.registry;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.DeltaText;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.lookup.DeltaRecord;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code registry show}. */
@Command(
        name = "show",
        description = "Show one published delta.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta registry show 0x5b64..."})
final class RegistryShow implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "Delta id, 0x and 64 hex digits.")
    private Bytes32 deltaId = Bytes32.ZERO;

    @Mixin
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        DeltaRecord found = where.ask(
                node -> JsonMapper.shared().treeToValue(node.get("/api/deltas/" + deltaId.hex()), DeltaRecord.class),
                this::looked);
        output.result(found, out -> DeltaText.print(out, found));
        return ExitCode.OK;
    }

    private DeltaRecord looked(LocalNode node) throws IOException {
        node.indexer().catchUp();
        return node.deltas()
                .byId(deltaId)
                .orElseThrow(() -> CommandException.usage("no delta %s on chain %d: check the id and the data folder"
                        .formatted(deltaId, node.registry().chainId())));
    }
}
