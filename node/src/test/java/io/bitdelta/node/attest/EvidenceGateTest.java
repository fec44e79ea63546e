package io.bitdelta.node.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.attester.AttesterException;
import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.evidence.software.SoftwareAttester;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.config.ConfigException;
import io.bitdelta.node.config.DataFolder;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.publish.PublishRefusedException;
import io.bitdelta.node.publish.PublishRequest;
import io.bitdelta.node.publish.Published;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvidenceGateTest {
    private static final Statement STATEMENT =
            Statement.of(31337, EvmAddress.of("0x" + "44".repeat(20)), Bytes32.ZERO, Bytes32.ZERO, 2_000_000_000L);

    @TempDir
    Path folder;

    /** A program that a configuration names: prints development evidence of a key folder. */
    static final class Provider {
        private Provider() {}

        /** Folder, and the report data in hex. */
        public static void main(String[] arguments) throws IOException {
            SoftwareAttester attester = SoftwareAttester.open(Path.of(arguments[0]), new SecureRandom());
            System.out.write(attester.attest(HexText.parse("0x" + arguments[1]), Bytes32.ZERO));
            System.out.flush();
        }
    }

    private NodeConfig config(String evidence) throws IOException {
        Path file = folder.resolve("node.yaml");
        Files.writeString(file, "evidence:\n" + evidence.indent(2));
        return NodeConfig.load(folder, Optional.of(file));
    }

    private NodeConfig command(String reportData) throws IOException {
        Path policy = folder.resolve("policy.yaml");
        Files.writeString(policy, "development:\n  chainId: 31337\n");
        Path classes = folder.resolve("classpath");
        Files.writeString(classes, "-cp " + System.getProperty("java.class.path"));
        return config("from: command\npolicy: %s\nsource: \"%s @%s %s %s %s\"\n"
                .formatted(
                        policy,
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        classes,
                        Provider.class.getName(),
                        folder.resolve("keys"),
                        reportData));
    }

    private AppraisalResult judged(NodeConfig config) throws Exception {
        try (DataFolder data = DataFolder.open(folder.resolve("data"));
                EvidenceGate gate = EvidenceGate.open(
                        config.evidence(), data, 31337, Bytes32.ZERO, new SecureRandom(), Clock.systemUTC())) {
            return gate.attest(STATEMENT, Instant.EPOCH).result();
        }
    }

    @Test
    void aDeltaIsPublishedWithTheEvidenceOfAProgram() throws Exception {
        Path delta = NodeFixture.delta("user-a", folder);
        try (LocalNode node = NodeFixture.open(folder.resolve("node"), command("{reportData}"))) {
            Published published = node.publishing()
                    .publish(
                            new PublishRequest("attested", delta, "tiny-qwen3", "full"),
                            NodeFixture.signer(Secp256k1Key.generate(new SecureRandom())));
            assertThat(published.evidenceStatus()).isEqualTo("software, warning, DEVELOPMENT");
        }
    }

    @Test
    void theStrictPolicyRefusesDevelopmentEvidenceFromAProgram() throws Exception {
        NodeConfig lenient = command("{reportData}");
        assertThat(judged(lenient).admitted()).isTrue();
        Files.writeString(folder.resolve("policy.yaml"), "{}");
        assertThat(judged(lenient).admitted()).isFalse();
    }

    @Test
    void evidenceForAnotherStatementIsNotAdmitted() throws Exception {
        Path program = folder.resolve("replay.sh");
        byte[] old = SoftwareAttester.open(folder.resolve("keys"), new SecureRandom())
                .attest(new byte[64], Bytes32.ZERO);
        Files.write(folder.resolve("old.json"), old);
        Files.writeString(program, "cat " + folder.resolve("old.json") + "\n");
        Path policy = folder.resolve("policy.yaml");
        Files.writeString(policy, "development:\n  chainId: 31337\n");
        NodeConfig replay =
                config("from: command\npolicy: %s\nsource: \"sh %s {reportData}\"\n".formatted(policy, program));
        assertThat(judged(replay).reasons()).containsExactly(Reason.REPORT_DATA_MISMATCH);
        Path delta = NodeFixture.delta("user-a", folder);
        try (LocalNode node = NodeFixture.open(folder.resolve("node"), replay)) {
            PublishRequest request = new PublishRequest("attested", delta, "tiny-qwen3", "full");
            assertThatThrownBy(() -> node.publishing()
                            .publish(request, NodeFixture.signer(Secp256k1Key.generate(new SecureRandom()))))
                    .isInstanceOf(PublishRefusedException.class)
                    .hasMessageContaining("REPORT_DATA_MISMATCH");
        }
    }

    @Test
    void withoutThePlatformTheMessageSaysSo() throws Exception {
        NodeConfig config = config("from: tsm\nsource: " + folder.resolve("none") + "\n");
        assertThatThrownBy(() -> judged(config))
                .isInstanceOf(AttesterException.class)
                .hasMessageContaining("no TDX or SEV-SNP guest");
    }

    @Test
    void settingsThatCannotBeUsedAreNamed() throws Exception {
        assertThatThrownBy(() -> config("from: sgx\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("evidence.from")
                .hasMessageContaining("tsm");
        assertThatThrownBy(() -> config("from: command\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("evidence.source");
        assertThatThrownBy(() -> config("policy: strict.yaml\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("evidence.from");
        assertThatThrownBy(() -> config("from: tsm\ncollateral: ftp://pcs.example\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("evidence.collateral");
        NodeConfig blind = config("from: command\nsource: cat quote.bin\n");
        assertThatThrownBy(() -> judged(blind))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("{reportData}");
        NodeConfig unread = config("from: tsm\npolicy: " + Files.writeString(folder.resolve("p"), "{\"x\":1}") + "\n");
        assertThatThrownBy(() -> judged(unread))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("evidence.policy");
    }
}
