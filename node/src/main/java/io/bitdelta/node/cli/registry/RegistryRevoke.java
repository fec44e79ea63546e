package io.bitdelta.node.cli.registry;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.KeystoreOwner;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.publish.OwnerSigner;
import java.util.Map;
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
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        OwnerSigner signer = owner.signer();
        Map<String, Object> json = where.ask(
                node -> new RemoteJobs(node, signer, output::say).revoke(deltaId.hex()),
                node -> RemoteJobs.revoked(deltaId.hex(), node.publishing().revoke(deltaId, signer)));
        output.result(json, out -> out.printf("revoked %s, tx %s, gas %s%n", deltaId, json.get("tx"), json.get("gas")));
        return ExitCode.OK;
    }
}
