package io.bitdelta.node.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.RpcRefusedException;
import io.bitdelta.node.chain.ScriptedChain;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseKind;
import io.bitdelta.node.store.Schema;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterProperty;
import org.jooq.impl.DSL;

/** After any tree of reorgs the index equals an index from scratch. */
final class ReorgTreesTest {
    private static final Map<DatabaseKind, Database> DATABASES = new EnumMap<>(DatabaseKind.class);

    private final ScriptedChain chain = new ScriptedChain();
    private final ChainClient client = new ChainClient(chain.url());

    /** Blocks that one step adds, after taking back {@code depth}; the index may look in between. */
    record Step(int depth, int length, long salt, boolean lookBetween, boolean look) {}

    @AfterProperty
    void stop() {
        client.close();
        chain.close();
    }

    @AfterContainer
    static void closeDatabases() {
        DATABASES.values().forEach(Database::close);
        DATABASES.clear();
    }

    @Property(tries = 30)
    void anyTreeOfReorgsEndsAsFromScratch(
            @ForAll DatabaseKind kind,
            @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 1 << 20) Integer> choices,
            @ForAll @IntRange(min = 1, max = 40) int mostLogs)
            throws IOException {
        Database database = empty(kind);
        chain.undo(Integer.MAX_VALUE);
        chain.limitLogs(Math.max(mostLogs, 6));
        Indexer indexer = new Indexer(database, client, ScriptedEvents.deployment());
        for (int choice : choices) {
            Random random = new Random(choice);
            Step step = new Step(
                    random.nextInt(21), 1 + random.nextInt(25), choice, random.nextBoolean(), random.nextBoolean());
            chain.undo(step.depth());
            if (step.lookBetween()) {
                indexer.catchUp();
            }
            for (int i = 0; i < step.length(); i++) {
                chain.mine(step.salt(), events(random, chain.height()));
            }
            if (step.look()) {
                indexer.catchUp();
            }
        }
        chain.mine(-1, List.of());
        assertThat(indexer.catchUp()).isEqualTo(chain.height());
        Map<String, List<Map<String, Object>>> followed = rows(database);
        assertThat(indexer.rebuild()).isEqualTo(chain.height());
        assertThat(followed).isEqualTo(rows(database));
    }

    /** At most six of them, some of a delta or a fork whose number depends on the block only: rivals collide on keys. */
    private static List<ScriptedChain.Entry> events(Random random, long height) {
        List<ScriptedChain.Entry> events = new ArrayList<>();
        int kinds = random.nextInt(64);
        if ((kinds & 1) != 0) {
            events.add(ScriptedEvents.deltaPublished(height, random.nextInt(3), random.nextInt(2)));
        }
        if ((kinds & 2) != 0) {
            events.add(ScriptedEvents.ownerChanged(random.nextInt(3), random.nextInt(5)));
        }
        if ((kinds & 4) != 0) {
            events.add(ScriptedEvents.paid(random.nextInt(3), random.nextInt(3), new BigInteger(120, random)));
        }
        if ((kinds & 8) != 0) {
            events.add(ScriptedEvents.deltaRevoked(Math.max(1, height - 3), random.nextInt(3)));
        }
        if ((kinds & 16) != 0) {
            events.add(ScriptedEvents.attributeChanged(
                    random.nextInt(3), "did/svc/x", new byte[] {1, 2}, new BigInteger(256, random)));
        }
        if ((kinds & 32) != 0) {
            events.add(ScriptedEvents.ownershipTransferred(random.nextInt(3), random.nextInt(3)));
        }
        return events;
    }

    @Example
    void aTextThatADatabaseCannotHoldDoesNotStopTheIndex() throws IOException {
        for (DatabaseKind kind : DatabaseKind.values()) {
            Database database = empty(kind);
            chain.mine(1, List.of(ScriptedEvents.baseClaimed(1, "NUL \u0000 and emoji \uD83D\uDE00")));
            Indexer indexer = new Indexer(database, client, ScriptedEvents.deployment());
            assertThat(indexer.catchUp()).isEqualTo(chain.height());
            assertThat(database.sql()
                            .select(Schema.NAME)
                            .from("base_claim")
                            .limit(1)
                            .fetchSingle(Schema.NAME))
                    .contains("\uD83D\uDE00")
                    .doesNotContain("\u0000");
        }
    }

    @Example
    void anEventOfALaterVersionIsPassedOver() throws IOException {
        Database database = empty(DatabaseKind.SQLITE);
        chain.mine(
                1,
                List.of(
                        new ScriptedChain.Entry(
                                ScriptedEvents.deployment().address("DeltaSoups"),
                                List.of("0x" + "77".repeat(32)),
                                "0x"),
                        ScriptedEvents.deltaPublished(5, 1, 1)));
        assertThat(new Indexer(database, client, ScriptedEvents.deployment()).catchUp())
                .isEqualTo(chain.height());
        assertThat(database.sql().fetchCount(Schema.DELTA)).isEqualTo(1);
    }

    @Example
    void aReorgBelowWhatWasFinalIsRefusedAndNothingIsDeleted() throws IOException {
        Database database = empty(DatabaseKind.SQLITE);
        for (int i = 1; i <= 60; i++) {
            chain.mine(1, List.of(ScriptedEvents.deltaPublished(i, 1, 1)));
        }
        chain.finalizeUpTo(50);
        Indexer indexer = new Indexer(database, client, ScriptedEvents.deployment(), new IndexDepth(1000, true));
        indexer.catchUp();
        // Catching up once more drops what is final now.
        chain.mine(1, List.of());
        indexer.catchUp();
        chain.undo(15);
        for (int i = 0; i < 30; i++) {
            chain.mine(2, List.of());
        }
        assertThatThrownBy(indexer::catchUp)
                .isInstanceOf(DeepReorgException.class)
                .hasMessageContaining("final");
        assertThat(database.sql().fetchCount(Schema.DELTA)).isEqualTo(60);
        assertThat(indexer.rebuild()).isEqualTo(chain.height());
        assertThat(database.sql().fetchCount(Schema.DELTA)).isEqualTo(46);
    }

    @Example
    void anEndpointThatLagsDoesNotTakeBackRows() throws IOException {
        Database database = empty(DatabaseKind.SQLITE);
        for (int i = 1; i <= 20; i++) {
            chain.mine(1, List.of(ScriptedEvents.deltaPublished(i, 1, 1)));
        }
        Indexer indexer = new Indexer(database, client, ScriptedEvents.deployment());
        indexer.catchUp();
        chain.showUpTo(12);
        assertThat(indexer.catchUp()).isEqualTo(20);
        assertThat(database.sql().fetchCount(Schema.DELTA)).isEqualTo(20);
        chain.showUpTo(Long.MAX_VALUE);
    }

    @Example
    void aBlockThatIsTooFullForTheEndpointIsReportedNotSkipped() throws IOException {
        Database database = empty(DatabaseKind.SQLITE);
        chain.mine(1, List.of(ScriptedEvents.deltaPublished(1, 1, 1), ScriptedEvents.deltaPublished(2, 1, 1)));
        chain.limitLogs(1);
        Indexer indexer = new Indexer(database, client, ScriptedEvents.deployment());
        assertThatThrownBy(indexer::catchUp)
                .isInstanceOf(RpcRefusedException.class)
                .hasMessageContaining("more than 1 results");
        chain.limitLogs(10);
        indexer.catchUp();
        assertThat(database.sql().fetchCount(Schema.DELTA)).isEqualTo(2);
    }

    @Example
    void twoNodesOnOneDatabaseIndexEveryEventOnce() throws Exception {
        for (DatabaseKind kind : DatabaseKind.values()) {
            Database database = empty(kind);
            chain.undo(Integer.MAX_VALUE);
            for (int i = 1; i <= 300; i++) {
                chain.mine(1, List.of(ScriptedEvents.deltaPublished(i, 1, 1), ScriptedEvents.ownerChanged(i, 2)));
            }
            try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
                List<Callable<Long>> nodes = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    nodes.add(() -> new Indexer(database, client, ScriptedEvents.deployment()).catchUp());
                }
                for (Future<Long> height : threads.invokeAll(nodes)) {
                    assertThat(height.get()).isEqualTo(300);
                }
            }
            assertThat(database.sql().fetchCount(Schema.DELTA)).isEqualTo(300);
            assertThat(database.sql().fetchCount(Schema.IDENTITY_EVENT)).isEqualTo(300);
        }
    }

    private static Database empty(DatabaseKind kind) throws IOException {
        Database database = DATABASES.get(kind);
        if (database == null) {
            database = kind.open(Files.createTempDirectory("reorg-trees").resolve("index.sqlite"));
            DATABASES.put(kind, database);
        }
        for (String table : EventCatalogue.standard().tables()) {
            database.sql().deleteFrom(DSL.table(table)).execute();
        }
        database.sql().deleteFrom(Schema.CHAIN_BLOCK).execute();
        database.sql().deleteFrom(Schema.CHAIN_CURSOR).execute();
        return database;
    }

    private static Map<String, List<Map<String, Object>>> rows(Database database) {
        Map<String, List<Map<String, Object>>> all = new LinkedHashMap<>();
        for (String table : EventCatalogue.standard().tables()) {
            all.put(
                    table,
                    database.sql()
                            .resultQuery("select * from " + table + " order by block_number, log_index")
                            .fetchMaps());
        }
        return all;
    }
}
