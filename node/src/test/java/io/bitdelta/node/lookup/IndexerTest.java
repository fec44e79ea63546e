package io.bitdelta.node.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.contracts.BitDeltaRegistry;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.Deployment;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseKind;
import io.bitdelta.node.store.Schema;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jooq.Record;
import org.jooq.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.web3j.tx.gas.DefaultGasProvider;

/** After any reorg the index equals an index from scratch. */
@ParameterizedClass
@EnumSource(DatabaseKind.class)
final class IndexerTest {
    @Parameter
    DatabaseKind kind = DatabaseKind.SQLITE;

    private static final List<Table<Record>> TABLES = List.of(
            Schema.DELTA,
            Schema.REVOCATION,
            Schema.SOUP,
            Schema.SOUP_FINAL,
            Schema.PAYMENT,
            Schema.CLAIM,
            Schema.IDENTITY_EVENT);
    private static final String OWNER = "0x00000000000000000000000000000000000a11ce";
    private static final String NOBODY = "0x0000000000000000000000000000000000000000";

    @TempDir
    Path folder;

    private LocalNode node;
    private ChainClient chain;
    private BitDeltaRegistry registry;

    @BeforeEach
    void open() throws IOException {
        node = NodeFixture.open(folder.resolve("node"));
        chain = node.chain();
        registry = BitDeltaRegistry.load(
                node.registry().address(), chain.web3(), chain.readOnly(), new DefaultGasProvider());
        chain.rpc("anvil_setBalance", OWNER, "0xde0b6b3a7640000000");
        chain.rpc("anvil_impersonateAccount", OWNER);
    }

    @AfterEach
    void close() throws IOException {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void afterRandomReorgsTheIndexEqualsOneFromScratch(long seed) {
        Random random = new Random(seed);
        List<byte[]> published = new ArrayList<>();
        List<String> snapshots = new ArrayList<>();
        List<List<byte[]>> publishedThen = new ArrayList<>();
        try (Database followed = kind.open(folder.resolve("followed.sqlite"))) {
            Indexer indexer = new Indexer(followed, chain, node.deployment());
            for (int step = 0; step < 40; step++) {
                switch (random.nextInt(6)) {
                    case 0 -> {
                        snapshots.add(chain.rpc("evm_snapshot"));
                        publishedThen.add(List.copyOf(published));
                    }
                    case 1 -> {
                        if (!snapshots.isEmpty()) {
                            int back = random.nextInt(snapshots.size());
                            chain.rpc("evm_revert", snapshots.get(back));
                            published = new ArrayList<>(publishedThen.get(back));
                            snapshots.subList(back, snapshots.size()).clear();
                            publishedThen.subList(back, publishedThen.size()).clear();
                            chain.rpc("anvil_mine", "0x" + Integer.toHexString(1 + random.nextInt(3)));
                        }
                    }
                    case 2 -> {
                        if (!published.isEmpty()) {
                            send(registry.revoke(published.removeLast()).encodeFunctionCall());
                        }
                    }
                    case 3 -> indexer.catchUp();
                    default -> published.add(publish(random));
                }
            }
            published.add(publish(random));
            indexer.catchUp();
            try (Database scratch = kind.open(folder.resolve("scratch.sqlite"))) {
                new Indexer(scratch, chain, node.deployment()).catchUp();
                assertThat(rows(followed)).isEqualTo(rows(scratch));
                assertThat(rows(scratch).get("delta")).isNotEmpty();
            }
        }
    }

    @Test
    void catchingUpTwiceChangesNothing() {
        publish(new Random(7));
        long height = node.indexer().catchUp();
        assertThat(node.indexer().catchUp()).isEqualTo(height);
        assertThat(node.deltas().byDid(LuxDid.of(31337, OWNER))).hasSize(1);
    }

    @Test
    void aDidOfAnotherChainHasNothingHere() {
        publish(new Random(8));
        node.indexer().catchUp();
        assertThat(node.deltas().byDid(LuxDid.of(1, OWNER))).isEmpty();
    }

    @Test
    void oneDatabaseFollowsOneRegistry() {
        try (Database database = kind.open(folder.resolve("one.sqlite"))) {
            new Indexer(database, chain, node.deployment()).catchUp();
            Map<String, Deployment.Contract> moved =
                    new LinkedHashMap<>(node.deployment().contracts());
            Deployment.Contract proxy = Objects.requireNonNull(moved.get("BitDeltaRegistryProxy"));
            moved.put("BitDeltaRegistryProxy", new Deployment.Contract(OWNER, proxy.codeHash(), "", 0, proxy.abi()));
            assertThatThrownBy(() -> new Indexer(database, chain, new Deployment(31337, moved)))
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining(OWNER);
        }
    }

    /** Publishes a delta of random content as its owner's own transaction; returns its id. */
    private byte[] publish(Random random) {
        BitDeltaRegistry.Delta delta = new BitDeltaRegistry.Delta(
                OWNER, word(random), word(random), word(random), new byte[32], BigInteger.ZERO, BigInteger.ONE);
        send(registry.publish(delta, new byte[32], new byte[32], NOBODY, new byte[0])
                .encodeFunctionCall());
        return chain.read("delta id", registry.deltaIdOf(delta));
    }

    /** Sends and waits: a block is mined a moment after its transaction was taken. */
    private void send(String calldata) {
        String hash = chain.rpc(
                "eth_sendTransaction",
                Map.of("from", OWNER, "to", node.registry().address(), "data", calldata));
        for (int tries = 0; chain.receipt(hash).isEmpty(); tries++) {
            assertThat(tries).as("tries to get the receipt of %s", hash).isLessThan(500);
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static byte[] word(Random random) {
        byte[] word = new byte[32];
        random.nextBytes(word);
        return word;
    }

    private static Map<String, List<Map<String, Object>>> rows(Database database) {
        Map<String, List<Map<String, Object>>> all = new LinkedHashMap<>();
        for (Table<Record> table : TABLES) {
            all.put(
                    table.getName(),
                    database.sql()
                            .resultQuery("select * from " + table.getName() + " order by block_number, log_index")
                            .fetchMaps());
        }
        return all;
    }
}
