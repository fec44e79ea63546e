package io.bitdelta.node.cli.registry;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.KeystoreOwner;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.NodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.client.DeltaClient;
import io.bitdelta.node.local.LocalNode;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code registry revoke}. */
@Command(
        name = "revoke",
        description = "Take a published delta back, for ever. Its record and other people's copies stay.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta registry revoke 0x5b64... --key owner.json"})
final class RegistryRevoke implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "Delta id, 0x and 64 hex digits.")
    private Bytes32 deltaId = Bytes32.ZERO;

    @Mixin
    private KeystoreOwner owner = new KeystoreOwner();

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Mixin
    private NodeOption remote = new NodeOption();

    @Override
    public Integer call() throws Exception {
        var signer = owner.signer();
        Optional<ApiClient> client = remote.client();
        if (client.isPresent()) {
            try (ApiClient node = client.get()) {
                Map<String, Object> json =
                        RemoteJobText.of(new DeltaClient(node, signer, output::say).revoke(deltaId.hex()));
                output.result(json, out -> json.forEach((name, value) -> out.printf("%-14s %s%n", name, value)));
                return ExitCode.OK;
            }
        }
        try (LocalNode node = local.open()) {
            OutboxEntry entry = node.publishing().revoke(deltaId, signer);
            output.result(
                    Map.of(
                            "deltaId",
                            deltaId.hex(),
                            "tx",
                            entry.hash(),
                            "gas",
                            entry.gasUsed(),
                            "block",
                            entry.block()),
                    out -> out.printf("revoked %s, tx %s, gas %d%n", deltaId, entry.hash(), entry.gasUsed()));
            return ExitCode.OK;
        }
    }
}
