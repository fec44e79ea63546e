package io.bitdelta.node.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.contracts.IdentityRegistry;
import io.bitdelta.node.chain.ChainFixture;
import io.bitdelta.node.chain.EmbeddedChain;
import io.bitdelta.node.chain.Finality;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxStories;
import io.bitdelta.node.chain.SendingRules;
import io.bitdelta.node.chain.Signers;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.config.DevelopmentKeys;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.jobs.JobState;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.publish.RegistryContract;
import io.bitdelta.node.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.ECKeyPair;
import org.web3j.tx.gas.DefaultGasProvider;

/**
 * A node is killed at every fault point; what it was doing takes effect exactly once. The points are the enum's: one that
 * no story passes fails here.
 */
final class FaultPointsTest {
    private static final BigInteger YEAR = BigInteger.valueOf(365L * 24 * 3600);

    @TempDir
    static Path folder;

    private static EmbeddedChain chain;
    private static Path delta;
    private static Path data;

    @BeforeAll
    static void open() throws IOException {
        chain = ChainFixture.start(folder.resolve("chain"));
        delta = NodeFixture.delta("user-a", folder);
        data = folder.resolve("node");
        // Makes the node's account, which only the owner of a chain can fund, then deploys.
        Path keys = Files.createDirectories(data.resolve("keys"));
        chain.fund(new DevelopmentKeys(keys, new SecureRandom())
                .named("relayer")
                .address()
                .hex());
        node().close();
    }

    @AfterAll
    static void close() {
        chain.close();
    }

    private static LocalNode node() throws IOException {
        return LocalNode.open(
                data, MortalNode.external(data, chain.client().url()), List.of(), Faults.NONE, Clock.systemUTC());
    }

    @ParameterizedTest
    @EnumSource(FaultPoint.class)
    void aNodeKilledThereFinishesOnceWhenItIsBack(FaultPoint point) throws Exception {
        if (point.name().startsWith("TX_")) {
            OutboxStories.killedAt(point, folder.resolve(point.name()));
            return;
        }
        Path owner = owner(point.name());
        Ended killed = run(owner, point.name(), point.name());
        assertThat(killed.exitCode()).as("%s", killed.lines()).isEqualTo(137);
        assertThat(killed.lines()).contains("DIES AT " + point);
        finishedOnce(owner, point.name());
    }

    @Test
    @Tag("long")
    void aNodeKilledAtTwoHundredMomentsFinishesOnceEachTime() throws Exception {
        long seed = Long.getLong("bitdelta.seed", 7);
        Random moments = new Random(seed);
        for (int round = 0; round < 200; round++) {
            String name = "moment " + round;
            Path owner = owner(name);
            Process process = start(owner, name, "-");
            if (!process.waitFor(1500 + moments.nextInt(5000), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
            finishedOnce(owner, name);
        }
    }

    private static void finishedOnce(Path owner, String key) throws IOException {
        try (LocalNode node = node()) {
            Job over = MortalNode.publish(node, MortalNode.key(owner), delta, key);
            assertThat(over.state()).as("%s", over).isEqualTo(JobState.SUCCEEDED);
            String deltaId =
                    over.result("confirmed").orElseThrow().path("deltaId").asString();
            node.indexer().catchUp();
            LuxDid did = new LuxDid(EmbeddedChain.CHAIN_ID, MortalNode.identity(owner));
            assertThat(node.deltas().byDid(did))
                    .singleElement()
                    .satisfies(found -> assertThat(found.deltaId()).isEqualTo(deltaId));
            List<Job> mine = node.jobs().of("caller", 1000).stream()
                    .filter(job -> job.input().path("identity").asString().equals(identity(owner)))
                    .toList();
            assertThat(mine).hasSize(1);
            assertThat(node.outbox().queue()).isEmpty();
        }
    }

    private static String identity(Path owner) {
        try {
            return MortalNode.identity(owner).hex();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Somebody new, who has made the node's account their delegate: their publications go through a lane. */
    private static Path owner(String name) throws IOException {
        Secp256k1Key key = Secp256k1Key.generate(new SecureRandom());
        Path file = folder.resolve(name.replace(' ', '-') + ".key");
        Files.writeString(file, HexText.of(key.privateBytes()), StandardCharsets.US_ASCII);
        chain.fund(key.address().hex());
        try (LocalNode node = node();
                Database own = Database.sqlite(folder.resolve(name.replace(' ', '-') + ".sqlite"))) {
            Outbox outbox = new Outbox(
                    own,
                    node.chain(),
                    new Signers(List.of(Credentials.create(ECKeyPair.create(key.privateBytes())))),
                    SendingRules.of(Finality.development(), 500),
                    () -> {},
                    Faults.NONE,
                    Clock.systemUTC());
            String identities = node.deployment().address("IdentityRegistry");
            String calldata = IdentityRegistry.load(
                            identities, node.chain().web3(), node.chain().readOnly(), new DefaultGasProvider())
                    .addDelegate(
                            key.address().hex(),
                            RegistryContract.PUBLISH_DELEGATE.bytes(),
                            node.outbox().signer(),
                            YEAR)
                    .encodeFunctionCall();
            outbox.execute(TxRequest.call("delegate", identities, calldata));
        }
        return file;
    }

    /** A process that has ended. */
    record Ended(int exitCode, List<String> lines) {}

    private static Process start(Path owner, String key, String point) throws IOException {
        return JavaProcess.start(
                MortalNode.class,
                List.of(data.toString(), chain.client().url(), owner.toString(), delta.toString(), key, point));
    }

    private static Ended run(Path owner, String key, String point) throws Exception {
        return JavaProcess.ended(start(owner, key, point));
    }
}
