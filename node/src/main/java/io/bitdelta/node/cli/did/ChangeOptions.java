package io.bitdelta.node.cli.did;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.KeystoreOwner;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.client.RemoteJob;
import io.bitdelta.node.did.DidChange;
import io.bitdelta.node.did.DidChangeForm;
import io.bitdelta.node.did.DidChangeJob;
import io.bitdelta.node.did.DidChanges;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.publish.OwnerSigner;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Mixin of the commands that change a DID: the controller's keystore signs here, the node sends and pays. */
final class ChangeOptions {
    @Parameters(index = "0", paramLabel = "DID", description = "did:lux:<chainId>:<address>")
    private LuxDid did = LuxDid.of(1, "0x0000000000000000000000000000000000000000");

    @Mixin
    private KeystoreOwner controller = new KeystoreOwner();

    @Mixin
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    /** What scripts are told. */
    private record Changed(String did, String change, String tx, long gas, long block) {}

    /** Signs, sends, waits and shows. */
    int apply(DidChange change) throws IOException {
        OwnerSigner signer = controller.signer();
        Changed changed = where.ask(node -> asked(node, change, signer), node -> applied(node, change, signer));
        output.result(
                changed,
                out -> out.printf(
                        "%s %s, tx %s, gas %d, version %d%n",
                        changed.change(), did, changed.tx(), changed.gas(), changed.block()));
        return ExitCode.OK;
    }

    private Changed applied(LocalNode node, DidChange change, OwnerSigner signer) throws IOException {
        requireChain(node.registry().chainId());
        OutboxEntry entry = node.didChanges().apply(did.address(), change, signer);
        node.indexer().catchUp();
        return new Changed(did.toString(), change.word(), entry.hash(), entry.gasUsed(), entry.block());
    }

    /** The key stays here: the node only says for which registry, nonce and time, and what is signed is made from the change. */
    private Changed asked(ApiClient node, DidChange change, OwnerSigner signer) {
        String path = "/api/dids/%s/changes".formatted(ApiClient.escape(did.toString()));
        DidChangeForm form = DidChangeForm.of(change);
        JsonNode prepared = node.post(path + "/prepare", form);
        DidChanges.Slot slot = new DidChanges.Slot(
                prepared.path("registry").asString(),
                prepared.path("chainId").asLong(),
                prepared.path("nonce").asLong(),
                prepared.path("deadline").asLong());
        requireChain(slot.chainId());
        Map<String, Object> wish = new LinkedHashMap<>();
        wish.put("change", form);
        wish.put("nonce", slot.nonce());
        wish.put("deadline", slot.deadline());
        wish.put(
                "signature",
                HexText.of(signer.sign(DidChanges.digest(did.address(), change, slot))
                        .bytes()));
        JsonNode confirmed = RemoteJob.result(node, node.post(path, wish), DidChangeJob.CONFIRMED, output::say);
        return new Changed(
                did.toString(),
                change.word(),
                confirmed.path("tx").asString(),
                confirmed.path("gas").asLong(),
                confirmed.path("block").asLong());
    }

    private void requireChain(long chainId) {
        if (did.chainId() != chainId) {
            throw CommandException.usage(
                    "%s is on chain %d, this node on chain %d".formatted(did, did.chainId(), chainId));
        }
    }
}
