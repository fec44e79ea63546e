package io.bitdelta.node.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.gateway.GatewayClient;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.local.ServedNode;
import io.bitdelta.node.publish.OwnerSigner;
import io.bitdelta.node.publish.PublishRequest;
import io.bitdelta.node.publish.Published;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stranger believes what the chain says and nothing else. */
final class StrangersCheckTest {
    @TempDir
    static Path folder;

    private static LocalNode node;
    private static ServedNode server;
    private static OwnerSigner owner;
    private static Published published;

    @BeforeAll
    static void publish() throws IOException {
        node = NodeFixture.open(folder.resolve("node"));
        server = ServedNode.start(node, "127.0.0.1", 0);
        owner = NodeFixture.signer(Secp256k1Key.generate(new SecureRandom()));
        published = publish("user-a");
    }

    @AfterAll
    static void close() throws IOException {
        server.close();
        node.close();
    }

    private static Published publish(String user) throws IOException {
        Path delta = NodeFixture.delta(user, folder);
        return node.publishing().publish(new PublishRequest(user, delta, "tiny-qwen3", "full"), owner);
    }

    private static VerifyReport check(String deltaId) throws IOException {
        GatewayClient gateways = new GatewayClient(List.of(URI.create("http://127.0.0.1:" + server.port())));
        Path work = Files.createTempDirectory(folder, "work");
        return new StrangersCheck(node.chain(), node.registry().address(), gateways).verify(Bytes32.of(deltaId), work);
    }

    private static Check named(VerifyReport report, String name) {
        return report.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anHonestPublicationPassesEveryCheck() throws IOException {
        VerifyReport report = check(published.deltaId());
        assertThat(report.checks()).allMatch(Check::ok);
        assertThat(report.ok()).isTrue();
        assertThat(report.checks())
                .extracting(Check::name)
                .contains("record", "deltaId", "manifest", "fileHash", "contentRoot", "deltaRoot", "owner's signature");
        assertThat(named(report, "evidence").detail()).contains("DEVELOPMENT");
    }

    @Test
    void anUnknownIdHasNoRecord() throws IOException {
        VerifyReport report = check("0x" + "ab".repeat(32));
        assertThat(report.ok()).isFalse();
        assertThat(named(report, "record").ok()).isFalse();
    }

    @Test
    void aRevokedDeltaIsFoundButDoesNotHold() throws IOException {
        Published taken = publish("user-b");
        node.publishing().revoke(Bytes32.of(taken.deltaId()), owner);
        VerifyReport report = check(taken.deltaId());
        assertThat(report.ok()).isFalse();
        assertThat(named(report, "not revoked").ok()).isFalse();
    }

    @Test
    void aBlockThatNoGatewayHasIsNamed() throws IOException {
        Published lost = publish("user-c");
        node.content().blocks().delete(Cid.parse(lost.manifestCid()));
        VerifyReport report = check(lost.deltaId());
        assertThat(report.ok()).isFalse();
        assertThat(report.checks().getLast().ok()).isFalse();
        assertThat(report.checks().getLast().detail()).contains(lost.manifestCid());
    }
}
