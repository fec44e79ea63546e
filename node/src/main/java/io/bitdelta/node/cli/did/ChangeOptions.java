package io.bitdelta.node.cli.did;

import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.KeystoreOwner;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.did.DidChange;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.publish.OwnerSigner;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Mixin of the commands that change a DID: the controller's keystore signs here, the node sends and pays. */
final class ChangeOptions {
    @Parameters(index = "0", paramLabel = "DID", description = "did:lux:<chainId>:<address>")
    private LuxDid did = LuxDid.of(1, "0x0000000000000000000000000000000000000000");

    @Mixin
    private KeystoreOwner controller = new KeystoreOwner();

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    /** Signs, sends, waits and shows. */
    int apply(DidChange change) throws IOException {
        OwnerSigner signer = controller.signer();
        try (LocalNode node = local.open()) {
            if (did.chainId() != node.registry().chainId()) {
                throw CommandException.usage("%s is on chain %d, this node on chain %d"
                        .formatted(did, did.chainId(), node.registry().chainId()));
            }
            OutboxEntry entry = node.didChanges().apply(did.address(), change, signer);
            node.indexer().catchUp();
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("did", did.toString());
            json.put("change", change.word());
            json.put("tx", entry.hash());
            json.put("gas", entry.gasUsed());
            json.put("block", entry.block());
            output.result(
                    json,
                    out -> out.printf(
                            "%s %s, tx %s, gas %d, version %d%n",
                            change.word(), did, entry.hash(), entry.gasUsed(), entry.block()));
            return ExitCode.OK;
        }
    }
}
