package io.bitdelta.node.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.contracts.IdentityRegistry;
import io.bitdelta.node.chain.Broadcast;
import io.bitdelta.node.chain.ChainFixture;
import io.bitdelta.node.chain.EmbeddedChain;
import io.bitdelta.node.chain.OutboxStories;
import io.bitdelta.node.config.DevelopmentKeys;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.jobs.JobState;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.publish.RegistryContract;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Hash;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.tx.gas.DefaultGasProvider;
import org.web3j.utils.Numeric;

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

    /**
     * Two hundred owners, one after the other: each one's node is killed at a moment between its start and a little after the
     * usual end. The result file says how far the killed ones had come.
     */
    @Test
    @Tag("long")
    void aNodeKilledAtTwoHundredMomentsFinishesOnceEachTime() throws Exception {
        long seed = Long.getLong("bitdelta.seed", 7);
        int kills = Integer.getInteger("bitdelta.kills", 200);
        Random moments = new Random(seed);
        List<Path> owners = owners(kills + 1);
        Map<String, Integer> lastSteps = new TreeMap<>();
        long usual = undisturbed(owners.getLast());
        long start = System.nanoTime();
        for (int round = 0; round < kills; round++) {
            Path owner = owners.get(round);
            Process process = start(owner, "moment " + round, "-");
            awaitOpen(process, moments.nextInt(10) == 0);
            if (!process.waitFor(moments.nextLong(usual), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
            lastSteps.merge(lastStep(owner), 1, Integer::sum);
            finishedOnce(owner, "moment " + round);
            Files.writeString(
                    Path.of("target", "kills.txt"),
                    "seed %d, %d kills of %d, %d s, how far they had come: %s%n"
                            .formatted(
                                    seed, round + 1, kills, (System.nanoTime() - start) / 1_000_000_000L, lastSteps));
        }
        assertThat(lastSteps).as("kills at different steps").hasSizeGreaterThan(2);
    }

    /** How long a publication takes from the moment its node is open, in milliseconds, with a fifth more. */
    private static long undisturbed(Path owner) throws Exception {
        Process process = start(owner, "undisturbed", "-");
        awaitOpen(process, false);
        long start = System.nanoTime();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) * 6 / 5;
    }

    /** A process that is killed while it opens has not begun: that is tried, too, but not mostly. */
    private static void awaitOpen(Process process, boolean atOnce) throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = atOnce ? MortalNode.OPEN : out.readLine();
        while (line != null && !line.equals(MortalNode.OPEN)) {
            line = out.readLine();
        }
        assertThat(line).as("the node opened").isNotNull();
    }

    private static String lastStep(Path owner) throws IOException {
        try (Database database = Database.attach(new DatabaseSettings.Sqlite(data.resolve("bitdelta.sqlite")))) {
            String identity = identity(owner);
            return database.sql().fetch("select id, state, input from job").stream()
                    .filter(row -> row.get("input", String.class).contains(identity))
                    .map(row -> row.get("state", String.class) + " after "
                            + database
                                    .sql()
                                    .fetch(
                                            "select name from job_event where job_id = ? and name <> 'state' order by seq",
                                            row.get("id", String.class))
                                    .stream()
                                    .map(step -> step.get(0, String.class))
                                    .reduce("nothing", (before, after) -> after))
                    .findFirst()
                    .orElse("no job");
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

    private static Path owner(String name) throws IOException {
        try (LocalNode node = node()) {
            return owner(name, node);
        }
    }

    private static List<Path> owners(int count) throws IOException {
        List<Path> owners = new ArrayList<>();
        try (LocalNode node = node()) {
            for (int n = 0; n < count; n++) {
                owners.add(owner("owner " + n, node));
            }
        }
        return owners;
    }

    /** Somebody new, who has made the node's account their delegate: their publications go through a lane. */
    private static Path owner(String name, LocalNode node) throws IOException {
        Secp256k1Key key = Secp256k1Key.generate(new SecureRandom());
        Path file = folder.resolve(name.replace(' ', '-') + ".key");
        Files.writeString(file, HexText.of(key.privateBytes()), StandardCharsets.US_ASCII);
        chain.fund(key.address().hex());
        String identities = node.deployment().address("IdentityRegistry");
        String calldata = IdentityRegistry.load(
                        identities, node.chain().web3(), node.chain().readOnly(), new DefaultGasProvider())
                .addDelegate(
                        key.address().hex(),
                        RegistryContract.PUBLISH_DELEGATE.bytes(),
                        node.outbox().signer(),
                        YEAR)
                .encodeFunctionCall();
        RawTransaction raw = RawTransaction.createTransaction(
                BigInteger.ZERO,
                BigInteger.valueOf(100_000_000_000L),
                BigInteger.valueOf(300_000),
                identities,
                BigInteger.ZERO,
                calldata);
        byte[] signed = TransactionEncoder.signMessage(
                raw, EmbeddedChain.CHAIN_ID, Credentials.create(ECKeyPair.create(key.privateBytes())));
        assertThat(node.chain().broadcast(Numeric.toHexString(signed))).isInstanceOf(Broadcast.Accepted.class);
        String hash = Hash.sha3(Numeric.toHexString(signed));
        Optional<TransactionReceipt> receipt = node.chain().receipt(hash);
        for (int look = 0; receipt.isEmpty() && look < 200; look++) {
            LockSupport.parkNanos(10_000_000);
            receipt = node.chain().receipt(hash);
        }
        assertThat(receipt)
                .hasValueSatisfying(mined -> assertThat(mined.isStatusOK()).isTrue());
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
