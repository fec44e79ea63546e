package io.bitdelta.node.publish;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.typed.DeltaStruct;
import io.bitdelta.node.publish.PublishItem.State;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.RowCounter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** The rows of lanes. Whoever forms a batch takes a number of the lane's counter first, which locks it. */
final class PublishItems {
    private static final Table<Record> ITEM = table(name("publish_item"));
    private static final Field<String> DELTA_ID = field(name("delta_id"), String.class);
    private static final Field<String> LANE = field(name("lane"), String.class);
    private static final Field<String> IDENTITY = field(name("identity"), String.class);
    private static final Field<String> BASE_HASH = field(name("base_hash"), String.class);
    private static final Field<String> DELTA_ROOT = field(name("delta_root"), String.class);
    private static final Field<String> MANIFEST_DIGEST = field(name("manifest_digest"), String.class);
    private static final Field<String> RECEIPT_HASH = field(name("receipt_hash"), String.class);
    private static final Field<Integer> EPSILON_MILLI = field(name("epsilon_milli"), Integer.class);
    private static final Field<Integer> FLAGS = field(name("flags"), Integer.class);
    private static final Field<String> PREV = field(name("prev"), String.class);
    private static final Field<String> EVIDENCE_DIGEST = field(name("evidence_digest"), String.class);
    private static final Field<Long> DEADLINE = field(name("deadline"), Long.class);
    private static final Field<String> SIGNATURE = field(name("signature"), String.class);
    private static final Field<Long> NOT_AFTER_S = field(name("not_after_s"), Long.class);
    private static final Field<Long> POSITION = field(name("position"), Long.class);
    private static final Field<String> STATE = field(name("state"), String.class);
    private static final Field<Integer> ALONE = field(name("alone"), Integer.class);
    private static final Field<String> PURPOSE = field(name("purpose"), String.class);
    private static final Field<String> FAILURE = field(name("failure"), String.class);
    private static final List<Field<?>> AS_STORED = List.of(
            DELTA_ID,
            LANE,
            IDENTITY,
            BASE_HASH,
            DELTA_ROOT,
            MANIFEST_DIGEST,
            RECEIPT_HASH,
            EPSILON_MILLI,
            FLAGS,
            PREV,
            EVIDENCE_DIGEST,
            DEADLINE,
            SIGNATURE,
            NOT_AFTER_S);

    private static final List<Field<?>> COLUMNS = and(AS_STORED, STATE, ALONE, PURPOSE, FAILURE);
    private static final List<Field<?>> NEW_COLUMNS = and(AS_STORED, POSITION, STATE, ALONE);

    private final Database database;

    PublishItems(Database database) {
        this.database = database;
    }

    private static List<Field<?>> and(List<Field<?>> some, Field<?>... more) {
        return Stream.concat(some.stream(), Stream.of(more)).toList();
    }

    /** Puts items into their lanes, unless they are there; those that failed are put there anew. */
    void add(List<PublishItem> items) {
        if (!items.isEmpty()) {
            database.transaction(sql -> insert(sql, items));
        }
    }

    /** Lanes in order, so that two nodes never wait for each other. */
    private static int insert(DSLContext sql, List<PublishItem> items) {
        Map<String, List<PublishItem>> lanes =
                items.stream().collect(Collectors.groupingBy(PublishItem::lane, TreeMap::new, Collectors.toList()));
        lanes.forEach((lane, those) -> {
            long first = RowCounter.next(sql, counter(lane), those.size());
            sql.deleteFrom(ITEM)
                    .where(DELTA_ID.in(ids(those)), STATE.eq(State.FAILED.name()))
                    .execute();
            Object[][] rows = new Object[those.size()][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = row(those.get(i), first + i);
            }
            sql.batch(sql.insertInto(ITEM)
                            .columns(NEW_COLUMNS)
                            .values(Collections.nCopies(NEW_COLUMNS.size(), (Object) null))
                            .onConflictDoNothing())
                    .bind(rows)
                    .execute();
        });
        return items.size();
    }

    /** In the order of {@link #NEW_COLUMNS}. */
    private static Object[] row(PublishItem item, long position) {
        DeltaStruct delta = item.delta();
        return new Object[] {
            item.deltaId().hex(),
            item.lane(),
            delta.identity().hex(),
            delta.baseHash().hex(),
            delta.deltaRoot().hex(),
            delta.manifestDigest().hex(),
            delta.receiptHash().hex(),
            Math.toIntExact(delta.epsilonMilli()),
            delta.flags(),
            item.prev().hex(),
            item.evidenceDigest().hex(),
            item.deadline(),
            item.signature(),
            item.notAfter(),
            position,
            State.WAITING.name(),
            item.alone() ? 1 : 0
        };
    }

    private static String counter(String lane) {
        return "lane " + lane;
    }

    /** Items of any state, by their ids; those that are not there are missing. */
    List<PublishItem> among(Collection<Bytes32> deltaIds) {
        return deltaIds.isEmpty()
                ? List.of()
                : database.sql()
                        .select(COLUMNS)
                        .from(ITEM)
                        .where(DELTA_ID.in(deltaIds.stream().map(Bytes32::hex).toList()))
                        .fetch(PublishItems::item);
    }

    /** The lane's transactions that may not be settled. */
    List<String> sent(String lane) {
        return database.sql()
                .selectDistinct(PURPOSE)
                .from(ITEM)
                .where(LANE.eq(lane), STATE.eq(State.SENT.name()))
                .fetch(PURPOSE);
    }

    /** Items of a transaction, in its order. */
    List<PublishItem> of(String purpose) {
        return database.sql()
                .select(COLUMNS)
                .from(ITEM)
                .where(PURPOSE.eq(purpose))
                .orderBy(POSITION)
                .fetch(PublishItems::item);
    }

    /** Whether a lane has anything to send. */
    boolean waits(String lane) {
        return database.reads().fetchExists(ITEM, LANE.eq(lane).and(STATE.eq(State.WAITING.name())));
    }

    /**
     * What goes in one transaction.
     *
     * @param purpose the outbox's key of the transaction
     * @param items as they were in the lane
     */
    record Batch(String purpose, List<PublishItem> items) {}

    /**
     * Forms a batch of what waits in a lane, unless one of its transactions may not be mined yet: what comes meanwhile is in
     * the next one. An identity and base is in it once, since the second would rest on the first.
     *
     * @param mined purposes of transactions that are in a block
     * @return empty when there is nothing to send
     */
    Optional<Batch> claim(String lane, int most, Collection<String> mined) {
        return database.transaction(sql -> {
            RowCounter.next(sql, counter(lane));
            Condition open = LANE.eq(lane).and(STATE.eq(State.SENT.name()));
            if (sql.fetchExists(ITEM, mined.isEmpty() ? open : open.and(PURPOSE.notIn(mined)))) {
                return Optional.empty();
            }
            List<PublishItem> batch = batch(sql, lane, most);
            return batch.isEmpty() ? Optional.empty() : Optional.of(new Batch(send(sql, batch), batch));
        });
    }

    private static List<PublishItem> batch(DSLContext sql, String lane, int most) {
        List<PublishItem> batch = new ArrayList<>();
        Set<String> heads = new HashSet<>();
        for (Record row : sql.select(COLUMNS)
                .from(ITEM)
                .where(LANE.eq(lane), STATE.eq(State.WAITING.name()))
                .orderBy(POSITION)
                .limit(most)
                .fetch()) {
            PublishItem item = item(row);
            if (item.alone()) {
                if (batch.isEmpty()) {
                    return List.of(item);
                }
            } else if (heads.add(row.get(IDENTITY) + row.get(BASE_HASH))) {
                batch.add(item);
            }
        }
        return batch;
    }

    private static String send(DSLContext sql, List<PublishItem> batch) {
        String purpose = batch.size() == 1
                ? "publish %s (%s)".formatted(batch.getFirst().deltaId(), UUID.randomUUID())
                : "publish %d deltas (%s)".formatted(batch.size(), UUID.randomUUID());
        sql.update(ITEM)
                .set(STATE, State.SENT.name())
                .set(PURPOSE, purpose)
                .where(DELTA_ID.in(ids(batch)))
                .execute();
        return purpose;
    }

    /** Takes items out of a transaction that was never stored, to go in transactions of their own. */
    void separate(String purpose, Collection<PublishItem> items) {
        database.sql()
                .update(ITEM)
                .set(STATE, State.WAITING.name())
                .set(ALONE, 1)
                .setNull(PURPOSE)
                .where(PURPOSE.eq(purpose), DELTA_ID.in(ids(items)), STATE.eq(State.SENT.name()))
                .execute();
    }

    /** Takes items out of a transaction that was never stored, to go in another batch. */
    void release(String purpose, Collection<PublishItem> items) {
        database.sql()
                .update(ITEM)
                .set(STATE, State.WAITING.name())
                .setNull(PURPOSE)
                .where(PURPOSE.eq(purpose), DELTA_ID.in(ids(items)), STATE.eq(State.SENT.name()))
                .execute();
    }

    /** Notes the end of a transaction's items. */
    void end(String purpose, State state, @Nullable String failure) {
        database.sql()
                .update(ITEM)
                .set(STATE, state.name())
                .set(FAILURE, failure)
                .where(PURPOSE.eq(purpose), STATE.eq(State.SENT.name()))
                .execute();
    }

    /** How many items a transaction holds. */
    int together(String purpose) {
        return database.reads().fetchCount(ITEM, PURPOSE.eq(purpose));
    }

    private static List<String> ids(Collection<PublishItem> items) {
        return items.stream().map(item -> item.deltaId().hex()).toList();
    }

    private static PublishItem item(Record row) {
        return new PublishItem(
                Bytes32.of(row.get(DELTA_ID)),
                new DeltaStruct(
                        EvmAddress.of(row.get(IDENTITY)),
                        Bytes32.of(row.get(BASE_HASH)),
                        Bytes32.of(row.get(DELTA_ROOT)),
                        Bytes32.of(row.get(MANIFEST_DIGEST)),
                        Bytes32.of(row.get(RECEIPT_HASH)),
                        row.get(EPSILON_MILLI),
                        row.get(FLAGS)),
                Bytes32.of(row.get(PREV)),
                Bytes32.of(row.get(EVIDENCE_DIGEST)),
                row.get(DEADLINE),
                row.get(SIGNATURE),
                row.get(LANE),
                row.get(NOT_AFTER_S),
                State.valueOf(row.get(STATE)),
                row.get(ALONE) != 0,
                row.get(PURPOSE),
                row.get(FAILURE));
    }
}
