package io.bitdelta.node.cli.did;

import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.cli.DeltaText;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.lookup.DeltaRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code did resolve}. */
@Command(
        name = "resolve",
        description = "Show who controls a DID and what it has published.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta did resolve did:lux:31337:0x1111111111111111111111111111111111111111"})
final class DidResolve implements Callable<Integer> {
    @Parameters(paramLabel = "DID", description = "did:lux:<chainId>:<address>")
    private LuxDid did = LuxDid.of(1, "0x0000000000000000000000000000000000000000");

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        try (LocalNode node = local.open()) {
            node.indexer().catchUp();
            List<DeltaRecord> deltas = node.deltas().byDid(did);
            String controller = node.registry()
                    .controller(did.address())
                    .map(Object::toString)
                    .orElse("");
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("did", did.toString());
            json.put("controller", controller);
            json.put("deactivated", controller.isEmpty());
            json.put("deltas", deltas);
            output.result(json, out -> {
                out.println(did);
                out.println("controller " + (controller.isEmpty() ? "none: deactivated" : controller));
                deltas.forEach(delta -> DeltaText.print(out, delta));
                if (deltas.isEmpty()) {
                    out.println("no deltas");
                }
            });
            return ExitCode.OK;
        }
    }
}
