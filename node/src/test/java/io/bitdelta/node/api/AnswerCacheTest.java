package io.bitdelta.node.api;

import static io.bitdelta.node.store.Schema.BLOCK_NUMBER;
import static io.bitdelta.node.store.Schema.CHAIN_BLOCK;
import static io.bitdelta.node.store.Schema.HASH;
import static io.bitdelta.node.store.Schema.IDENTITY;
import static io.bitdelta.node.store.Schema.LOG_INDEX;
import static io.bitdelta.node.store.Schema.NUMBER;
import static io.bitdelta.node.store.Schema.PARENT_HASH;
import static io.bitdelta.node.store.Schema.REVOCATION;
import static io.bitdelta.node.store.Schema.TIME_S;
import static io.bitdelta.node.store.Schema.TX_HASH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.node.lookup.IndexChanges;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.Schema;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An answer is kept for as long as it is true, and no longer. */
final class AnswerCacheTest {
    private static final String ANNE = "0x" + "a".repeat(40);
    private static final String BOB = "0x" + "b".repeat(40);
    private static final String FORM = "json";
    private static final long NOW = 1_000;

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private Database database;
    private IndexChanges changes;
    private AnswerCache cache;

    @BeforeEach
    void open() {
        database = Database.sqlite(folder.resolve("index.sqlite"));
        changes = new IndexChanges(database, nanos::get);
        cache = cache(1 << 20);
        mine(1, "first", 10);
        changes.look();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private AnswerCache cache(long bytes) {
        return new AnswerCache(changes, Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC), List.of(FORM), bytes);
    }

    private void mine(long number, String hash, long time) {
        database.sql()
                .insertInto(CHAIN_BLOCK)
                .set(NUMBER, number)
                .set(HASH, hash)
                .set(PARENT_HASH, "-")
                .set(TIME_S, time)
                .execute();
    }

    private void revoke(String identity, long block) {
        database.sql()
                .insertInto(REVOCATION)
                .set(Schema.DELTA_ID, "0x" + block)
                .set(IDENTITY, identity)
                .set(BLOCK_NUMBER, block)
                .set(LOG_INDEX, 0)
                .set(TX_HASH, "0x")
                .set(TIME_S, 0L)
                .execute();
    }

    private void keep(String identity, String text, long goodUntil) {
        cache.keep(identity, FORM, cache.asOf(), Reply.ok(text), goodUntil);
    }

    private String kept(String identity) {
        return cache.find(identity, FORM)
                .map(reply ->
                        new String(((Reply.Bytes) reply.body()).content(), java.nio.charset.StandardCharsets.UTF_8))
                .orElse("-");
    }

    @Test
    void aBlockVoidsTheAnswersOfWhomItTouchesAndNobodyElses() {
        keep(ANNE, "anne", Long.MAX_VALUE);
        keep(BOB, "bob", Long.MAX_VALUE);
        mine(2, "second", 20);
        revoke(ANNE, 2);
        changes.look();
        assertThat(kept(ANNE)).isEqualTo("-");
        assertThat(kept(BOB)).isEqualTo("\"bob\"");
    }

    @Test
    void aBlockThatTouchesNobodyVoidsNothing() {
        keep(ANNE, "anne", Long.MAX_VALUE);
        mine(2, "second", 20);
        changes.look();
        assertThat(kept(ANNE)).isEqualTo("\"anne\"");
    }

    @Test
    void aReorgVoidsEverything() {
        keep(ANNE, "anne", Long.MAX_VALUE);
        database.sql().deleteFrom(CHAIN_BLOCK).where(NUMBER.eq(1L)).execute();
        mine(1, "rival", 11);
        changes.look();
        assertThat(kept(ANNE)).isEqualTo("-");
    }

    @Test
    void aReorgToAShorterChainVoidsEverything() {
        mine(2, "second", 20);
        changes.look();
        keep(ANNE, "anne", Long.MAX_VALUE);
        database.sql().deleteFrom(CHAIN_BLOCK).where(NUMBER.eq(2L)).execute();
        changes.look();
        assertThat(kept(ANNE)).isEqualTo("-");
    }

    @Test
    void moreThanCanBeToldOneByOneVoidsEverything() {
        keep(BOB, "bob", Long.MAX_VALUE);
        mine(2, "second", 20);
        database.transaction(sql -> {
            for (int i = 0; i < 10_001; i++) {
                sql.insertInto(REVOCATION)
                        .set(Schema.DELTA_ID, "0x" + i)
                        .set(IDENTITY, "0x%040x".formatted(i))
                        .set(BLOCK_NUMBER, 2L)
                        .set(LOG_INDEX, i)
                        .set(TX_HASH, "0x")
                        .set(TIME_S, 0L)
                        .execute();
            }
            return 0;
        });
        changes.look();
        assertThat(kept(BOB)).isEqualTo("-");
    }

    @Test
    void anAnswerEndsInTheSecondInWhichSomethingInItEnds() {
        keep(ANNE, "ends now", NOW);
        keep(BOB, "ends in a second", NOW + 1);
        assertThat(kept(ANNE)).isEqualTo("-");
        assertThat(kept(BOB)).isEqualTo("\"ends in a second\"");
    }

    @Test
    void aChainWhoseClockIsAheadOfTheMachinesDecides() {
        keep(ANNE, "anne", NOW + 5);
        mine(2, "second", NOW + 4);
        changes.look();
        assertThat(kept(ANNE)).isEqualTo("\"anne\"");
        mine(3, "third", NOW + 5);
        changes.look();
        assertThat(kept(ANNE)).isEqualTo("-");
    }

    @Test
    void whereNobodyLooksAtTheIndexNothingIsAnsweredFromMemory() {
        keep(ANNE, "anne", Long.MAX_VALUE);
        nanos.addAndGet(30_000_000_000L);
        assertThat(kept(ANNE)).isEqualTo("\"anne\"");
        nanos.addAndGet(1);
        assertThat(kept(ANNE)).isEqualTo("-");
        changes.look();
        assertThat(kept(ANNE)).isEqualTo("\"anne\"");
    }

    @Test
    void whatWasReadBeforeAChangeIsNotKeptAfterIt() {
        long asOf = cache.asOf();
        mine(2, "second", 20);
        revoke(ANNE, 2);
        changes.look();
        cache.keep(ANNE, FORM, asOf, Reply.ok("old"), Long.MAX_VALUE);
        assertThat(kept(ANNE)).isEqualTo("-");
    }

    @Test
    void noOldAnswerStaysWhereChangesAndAnswersRace() throws Exception {
        AtomicInteger truth = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        Thread answering = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                long asOf = cache.asOf();
                cache.keep(ANNE, FORM, asOf, Reply.ok(truth.get()), Long.MAX_VALUE);
            }
        });
        for (int i = 1; i <= 20_000; i++) {
            truth.set(i);
            cache.touched(java.util.Set.of(ANNE));
            String found = kept(ANNE);
            assertThat(found).isIn("-", Integer.toString(i));
        }
        over.set(true);
        answering.join();
    }

    @Test
    void memoryIsBoundedByBytesNotByEntries() {
        cache = cache(50_000);
        for (int i = 0; i < 1_000; i++) {
            keep("0x%040x".formatted(i), "x".repeat(1_000), Long.MAX_VALUE);
        }
        assertThat(cache.bytes()).isPositive().isLessThanOrEqualTo(50_000);
    }

    @Test
    void anAnswerThatIsTooLargeOrWrittenPieceByPieceIsNotKept() {
        keep(ANNE, "x".repeat(70_000), Long.MAX_VALUE);
        cache.keep(BOB, FORM, cache.asOf(), Reply.stream("text/plain", out -> {}), Long.MAX_VALUE);
        assertThat(kept(ANNE)).isEqualTo("-");
        assertThat(cache.find(BOB, FORM)).isEmpty();
    }

    @Test
    void aFormThatNoChangeWouldVoidIsRefused() {
        assertThatThrownBy(() -> cache.keep(ANNE, "html", 0, Reply.ok(1), Long.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("html");
    }
}
