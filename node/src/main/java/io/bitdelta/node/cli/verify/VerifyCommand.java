package io.bitdelta.node.cli.verify;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.gateway.GatewayClient;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.config.TemporaryFolder;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.verify.Check;
import io.bitdelta.node.verify.ContentFetch;
import io.bitdelta.node.verify.StrangersCheck;
import io.bitdelta.node.verify.VerifyReport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** The stranger's check. */
@Command(
        name = "verify",
        description =
                "Check a published delta from outside: chain record, manifest, file, every hash, evidence, the owner's signature. Needs no data folder and trusts nothing but the chain.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta verify 0x5b64... --node https://node.example",
            "  bitdelta verify 0x5b64... --data ./data",
            "  bitdelta verify 0x5b64... --rpc http://127.0.0.1:8545 --registry 0x4444... --gateway http://127.0.0.1:8480",
            "",
            "Exit code 3 when something does not hold."
        })
public final class VerifyCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "ID",
            description = "Delta id, 0x and 64 hex digits; with --node or --data also the CID of a manifest.")
    private String id = "";

    @Mixin
    private NodeOption remote = new NodeOption();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Check against the chain and the content of the node on this data folder, which is not running.")
    private @Nullable Path data;

    @Option(names = "--rpc", paramLabel = "URL", description = "JSON-RPC endpoint of the chain.")
    private String rpc = "";

    @Option(names = "--registry", paramLabel = "ADDR", description = "Address of the registry.")
    private String registry = "";

    @Option(
            names = "--gateway",
            arity = "1..*",
            paramLabel = "URL",
            description = "Trustless gateways, tried in order.")
    private List<URI> gateways = List.of();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        Optional<ApiClient> node = remote.client();
        if (node.isPresent()) {
            try (ApiClient asked = node.get()) {
                return tell(JsonMapper.shared()
                        .treeToValue(asked.get("/api/verify/" + ApiClient.escape(id)), Answer.class)
                        .report());
            }
        }
        if (data != null) {
            return tell(checked(data));
        }
        if (rpc.isEmpty() || registry.isEmpty() || gateways.isEmpty()) {
            throw CommandException.usage(
                    "name --rpc, --registry and --gateway to trust nothing but the chain, or --node or --data to let a node check");
        }
        Bytes32 deltaId = deltaId();
        try (TemporaryFolder work = TemporaryFolder.create("bitdelta-verify");
                ChainClient chain = new ChainClient(rpc)) {
            return tell(new StrangersCheck(chain, registry, new GatewayClient(gateways)).verify(deltaId, work.path()));
        }
    }

    /** What a node answers. */
    record Answer(String id, long block, boolean ok, List<Check> checks) {
        VerifyReport report() {
            return new VerifyReport(ok, checks);
        }
    }

    private VerifyReport checked(Path folder) throws IOException {
        NodeConfig config = NodeConfig.load(folder, Optional.empty());
        try (LocalNode node = LocalNode.open(folder, config, Optional.empty(), Clock.systemUTC());
                TemporaryFolder work = TemporaryFolder.create(node.folder().work(), "verify-")) {
            node.catchUp();
            Bytes32 deltaId = id.startsWith("0x")
                    ? deltaId()
                    : node.deltaOf(Cid.parse(id))
                            .orElseThrow(() -> CommandException.usage("no published delta has the manifest " + id));
            return new StrangersCheck(
                            node.chain(),
                            node.registry().address(),
                            ContentFetch.of(node.content().published()))
                    .verify(deltaId, work.path());
        }
    }

    private Bytes32 deltaId() {
        try {
            return Bytes32.of(id);
        } catch (IllegalArgumentException malformed) {
            throw CommandException.usage("%s is no delta id: %s".formatted(id, malformed.getMessage()));
        }
    }

    private int tell(VerifyReport report) {
        output.result(report, out -> {
            for (Check check : report.checks()) {
                out.printf("%s %-20s %s%n", check.ok() ? "ok  " : "FAIL", check.name(), check.detail());
            }
            out.println(report.ok() ? "verified" : "NOT verified");
        });
        return report.ok() ? ExitCode.OK : ExitCode.DOES_NOT_HOLD;
    }
}
