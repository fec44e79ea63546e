package io.bitdelta.node.cli.registry;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.gateway.GatewayClient;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.DeltaText;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.lookup.DeltaRecord;
import io.bitdelta.node.provenance.PrivacyClaim;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
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

    /** The manifest, where this node has it. */
    private static Optional<Manifest> manifest(LocalNode node, DeltaRecord found) throws IOException {
        return node.content().blocks().get(Cid.parse(found.manifestCid())).map(block -> Manifest.parse(block.data()));
    }

    @Override
    public Integer call() throws Exception {
        Shown shown = where.ask(this::asked, this::looked);
        output.result(shown.delta(), out -> {
            DeltaText.print(out, shown.delta());
            Optional<Manifest> manifest = shown.manifest();
            manifest.filter(known -> known.privacy().claimed())
                    .flatMap(known -> known.section("privacy"))
                    .ifPresent(section -> out.println(
                            "  claimed   " + PrivacyClaim.of(section).text()));
            manifest.flatMap(known -> known.section("training"))
                    .flatMap(training -> training.optionalText("method"))
                    .ifPresent(method -> out.println("  training  " + method));
            manifest.flatMap(Manifest::receipt).ifPresent(receipt -> out.println("  receipt   " + receipt.cid()));
            manifest.flatMap(known -> known.section("evaluation"))
                    .flatMap(evaluation -> evaluation.optionalText("cid"))
                    .ifPresent(cid -> out.println("  measured  " + cid));
        });
        return ExitCode.OK;
    }

    /**
     * What is shown.
     *
     * @param manifest where it is at hand
     */
    private record Shown(DeltaRecord delta, Optional<Manifest> manifest) {}

    private Shown asked(ApiClient node) throws IOException {
        DeltaRecord found =
                JsonMapper.shared().treeToValue(node.get("/api/deltas/" + deltaId.hex()), DeltaRecord.class);
        BlockSource served = new GatewayClient(List.of(node.address())).blocks();
        Cid cid = Cid.parse(found.manifestCid());
        // A manifest may be with its owner alone.
        return new Shown(found, served.get(cid).map(block -> Manifest.parse(block.data())));
    }

    private Shown looked(LocalNode node) throws IOException {
        node.indexer().catchUp();
        DeltaRecord found = node.deltas()
                .byId(deltaId)
                .orElseThrow(() -> CommandException.usage("no delta %s on chain %d: check the id and the data folder"
                        .formatted(deltaId, node.registry().chainId())));
        return new Shown(found, manifest(node, found));
    }
}
