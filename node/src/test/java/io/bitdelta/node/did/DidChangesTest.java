package io.bitdelta.node.did;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a controller signs takes effect on a real chain and shows in the document. */
final class DidChangesTest {
    private static final EvmAddress FRIEND = EvmAddress.of("0x00000000000000000000000000000000000f41e4");

    @TempDir
    Path folder;

    private LocalNode node;
    private Secp256k1Key alice;
    private Secp256k1Key bob;
    private LuxDid did;

    @BeforeEach
    void open() throws IOException {
        node = NodeFixture.open(folder);
        alice = node.developmentKeys().named("alice");
        bob = node.developmentKeys().named("bob");
        did = LuxDid.of(31337, alice.address().hex());
    }

    @AfterEach
    void close() throws IOException {
        node.close();
    }

    private OutboxEntry apply(DidChange change, Secp256k1Key by) {
        OutboxEntry entry = node.didChanges().apply(did.address(), change, NodeFixture.signer(by));
        node.indexer().catchUp();
        return entry;
    }

    private JsonNode document() {
        return JsonMapper.shared()
                .valueToTree(((DidResolution.Resolved) node.dids().resolve(did.toString())).document());
    }

    @Test
    void aRotatedIdentityIsControlledByTheNewKeyAlone() {
        OutboxEntry rotated = apply(new DidChange.Rotate(bob.address()), alice);
        assertThat(document().get("controller").stringValue())
                .isEqualTo("did:lux:31337:" + bob.address().hex());
        assertThat(node.registry().controller(did.address())).contains(bob.address());
        assertThatThrownBy(() -> apply(new DidChange.Rotate(alice.address()), alice))
                .isInstanceOf(RevertedException.class);
        apply(new DidChange.Rotate(alice.address()), bob);
        assertThat(document().get("controller").stringValue()).isEqualTo(did.toString());
        DidResolution.Resolved before = (DidResolution.Resolved)
                node.dids().resolve(did.toString(), Optional.of(Long.toString(rotated.block())), Optional.empty());
        assertThat(before.document().get("controller"))
                .isEqualTo("did:lux:31337:" + bob.address().hex());
    }

    @Test
    void aDelegateIsNamedAndTakenBack() {
        apply(new DidChange.AddDelegate("bitdelta.publish", FRIEND, 3600), alice);
        assertThat(document().at("/verificationMethod/1/blockchainAccountId").stringValue())
                .isEqualTo("eip155:31337:" + FRIEND.hex());
        apply(new DidChange.RemoveDelegate("bitdelta.publish", FRIEND), alice);
        assertThat(document().at("/verificationMethod")).hasSize(1);
    }

    @Test
    void anAttributeIsSetAndTakenBack() {
        String value = HexText.of("https://gateway.example".getBytes(StandardCharsets.UTF_8));
        apply(new DidChange.SetAttribute("did/svc/IpfsGateway", value, 3600), alice);
        assertThat(document().at("/service/0/serviceEndpoint").stringValue()).isEqualTo("https://gateway.example");
        apply(new DidChange.RemoveAttribute("did/svc/IpfsGateway", value), alice);
        assertThat(document().has("service")).isFalse();
    }

    @Test
    void anEndedIdentityIsEndedForGood() {
        apply(new DidChange.Rotate(EvmAddress.of("0x" + "0".repeat(40))), alice);
        assertThat(node.dids().resolve(did.toString()).status()).isEqualTo(410);
        assertThatThrownBy(() -> apply(new DidChange.Rotate(bob.address()), alice))
                .isInstanceOf(RevertedException.class);
    }

    @Test
    void aStrangerChangesNothing() {
        for (DidChange change : List.of(
                new DidChange.Rotate(bob.address()),
                new DidChange.AddDelegate("veriKey", bob.address(), 60),
                new DidChange.SetAttribute("did/svc/X", "0x00", 60))) {
            assertThatThrownBy(() -> apply(change, bob)).isInstanceOf(RevertedException.class);
        }
        assertThat(document().get("controller").stringValue()).isEqualTo(did.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "thirty-three-characters-are-too-many", "\u00e9"})
    void aNameThatDoesNotFitIsRefused(String name) {
        assertThatThrownBy(() -> new DidChange.SetAttribute(name, "0x00", 60))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DidChange.AddDelegate(name, FRIEND, 60))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
