package io.bitdelta.node.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody else's client (ethers) reads what the node wrote on the chain. Skipped where npm cannot install it. */
final class ThirdPartyReaderTest {
    @TempDir
    Path folder;

    @Test
    void ethersReadsThePublication() throws Exception {
        Path scripts = Path.of(System.getProperty("bitdelta.home"), "node", "src", "test", "npm");
        for (String file : List.of("package.json", "package-lock.json", ".npmrc", "read.mjs")) {
            Files.copy(scripts.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        assumeTrue(
                ends(List.of("npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-progress")),
                "npm cannot install ethers here");
        try (LocalNode node = NodeFixture.open(folder.resolve("node"))) {
            Secp256k1Key owner = Secp256k1Key.generate(new SecureRandom());
            Published published = node.publishing()
                    .publish(
                            new PublishRequest("read", NodeFixture.delta("user-a", folder), "tiny-qwen3", "full"),
                            NodeFixture.signer(owner));
            Process reader = new ProcessBuilder(
                            "node",
                            "read.mjs",
                            node.chain().url(),
                            node.registry().address(),
                            published.deltaId())
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(reader.waitFor()).as(output).isZero();
            JsonNode read = new JsonMapper().readTree(output);
            assertThat(read.path("identity").asString())
                    .isEqualTo(owner.address().hex());
            assertThat(read.path("events").asInt()).isEqualTo(1);
            assertThat(read.path("revokedAt").asLong()).isZero();
            assertThat(read.path("transaction").asString())
                    .isEqualTo(published.transaction().hash());
            assertThat(read.path("deltaRoot").asString()).isEqualTo(published.deltaRoot());
            assertThat(read.path("head").asString()).isEqualTo(published.deltaId());
            assertThat(read.path("manifestDigest").asString()).isEqualTo(digest(published.manifestCid()));
            assertThat(read.path("evidenceDigest").asString()).isEqualTo(digest(published.evidenceCid()));
        }
    }

    private static String digest(String cid) {
        return "0x" + HexFormat.of().formatHex(Cid.parse(cid).digest());
    }

    private boolean ends(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = process.waitFor(2, TimeUnit.MINUTES);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
