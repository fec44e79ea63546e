package io.bitdelta.node.cli.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Main;
import io.bitdelta.node.did.DidChangeJob;
import io.bitdelta.node.did.DidChanges;
import io.bitdelta.node.jobs.JobState;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running node is backed up, and another folder goes on from the backup. */
final class NodeBackupTest {
    @TempDir
    Path folder;

    private record Ran(int exitCode, String out, String err) {
        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }
    }

    private static Ran run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return new Ran(line.execute(words), out.toString(), err.toString());
    }

    @Test
    void aNodeGoesOnFromABackup() throws IOException {
        Path data = folder.resolve("data");
        Path restored = folder.resolve("restored");
        Path file = folder.resolve("backup.zip");
        String registry;
        String did;
        try (LocalNode node = NodeFixture.open(data)) {
            var alice = node.developmentKeys().named("alice");
            did = LuxDid.of(31337, alice.address().hex()).toString();
            node.didChanges()
                    .apply(
                            alice.address(),
                            new io.bitdelta.node.did.DidChange.AddDelegate("veriKey", alice.address(), 60),
                            NodeFixture.signer(alice));
            node.indexer().catchUp();
            registry = node.registry().address();
            Ran backup = run("node", "backup", file.toString(), "--data", data.toString(), "--json");
            assertThat(backup.exitCode()).as(backup.err()).isZero();
            assertThat(backup.json().get("keysNotIncluded").toString()).contains("relayer");
            Ran told = run("node", "backup", folder.resolve("again.zip").toString(), "--data", data.toString());
            assertThat(told.out() + told.err()).contains("NOT in the backup");
        }
        Ran restore = run("node", "restore", file.toString(), "--data", restored.toString(), "--json");
        assertThat(restore.exitCode()).as(restore.err()).isZero();
        assertThat(restore.json().get("keysMissing").toString()).contains("relayer");
        // The operator puts back the keys; the chain is the same chain.
        copy(data.resolve("keys"), restored.resolve("keys"));
        copy(data.resolve("chain"), restored.resolve("chain"));
        try (LocalNode node = NodeFixture.open(restored)) {
            assertThat(node.registry().address()).isEqualTo(registry);
            node.indexer().catchUp();
            assertThat(node.dids().resolve(did).result().toString()).contains("delegate-1");
            assertThat(node.dids().resolve(did).result().toString()).contains("versionId");
        }
        assertThat(run("node", "reindex", "--data", restored.toString(), "--json")
                        .exitCode())
                .isZero();
    }

    @Test
    void jobsOfTheBackupGoOnInTheRestoredNode() throws IOException {
        Path data = folder.resolve("data");
        Path restored = folder.resolve("restored");
        Path file = folder.resolve("backup.zip");
        String id;
        try (LocalNode node = NodeFixture.open(data)) {
            var alice = node.developmentKeys().named("alice");
            var change = new io.bitdelta.node.did.DidChange.AddDelegate("veriKey", alice.address(), 600);
            DidChanges.Slot slot = node.didChanges().slot(alice.address());
            // Accepted, and nobody has begun it: the scheduler's own table is not in a backup.
            id = node.jobs()
                    .submit(
                            "somebody",
                            DidChangeJob.NAME,
                            Optional.of("once"),
                            DidChangeJob.input(
                                    new LuxDid(31337, alice.address()),
                                    change,
                                    slot,
                                    alice.sign(DidChanges.digest(alice.address(), change, slot))))
                    .id();
            assertThat(run("node", "backup", file.toString(), "--data", data.toString())
                            .exitCode())
                    .isZero();
        }
        assertThat(run("node", "restore", file.toString(), "--data", restored.toString())
                        .exitCode())
                .isZero();
        copy(data.resolve("keys"), restored.resolve("keys"));
        copy(data.resolve("chain"), restored.resolve("chain"));
        try (LocalNode node = NodeFixture.open(restored)) {
            assertThat(node.jobs().find(id).orElseThrow().state()).isEqualTo(JobState.QUEUED);
            node.jobs().start();
            for (int i = 0;
                    i < 600 && !node.jobs().find(id).orElseThrow().state().isFinal();
                    i++) {
                LockSupport.parkNanos(50_000_000);
            }
            assertThat(node.jobs().find(id).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
        }
    }

    @Test
    void aFolderWithANodeIsNotRestoredInto() throws IOException {
        Path data = folder.resolve("data");
        NodeFixture.open(data).close();
        Path file = folder.resolve("backup.zip");
        assertThat(run("node", "backup", file.toString(), "--data", data.toString())
                        .exitCode())
                .isZero();
        Ran refused = run("node", "restore", file.toString(), "--data", data.toString());
        assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("without a database");
        Ran twice = run("node", "backup", file.toString(), "--data", data.toString());
        assertThat(twice.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path each : files.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
