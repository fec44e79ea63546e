package io.bitdelta.node.lookup;

import static io.bitdelta.node.lookup.IndexTables.EPOCH;
import static io.bitdelta.node.lookup.IndexTables.FIRST_OP_ID;
import static io.bitdelta.node.lookup.IndexTables.FORK_ID;
import static io.bitdelta.node.lookup.IndexTables.LAST_OP_ID;
import static io.bitdelta.node.lookup.IndexTables.LEDGER_EPOCH;
import static io.bitdelta.node.lookup.IndexTables.LEDGER_EXPORT;
import static io.bitdelta.node.lookup.IndexTables.LEDGER_FORK;
import static io.bitdelta.node.lookup.IndexTables.ROOT;
import static io.bitdelta.node.store.Schema.BASE_HASH;
import static io.bitdelta.node.store.Schema.BLOCK_NUMBER;
import static io.bitdelta.node.store.Schema.IDENTITY;
import static io.bitdelta.node.store.Schema.LOG_INDEX;
import static io.bitdelta.node.store.Schema.MANIFEST_DIGEST;
import static io.bitdelta.node.store.Schema.TIME_S;
import static io.bitdelta.node.store.Schema.TX_HASH;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.store.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** The training ledger's forks, anchored epochs and exports, from the index alone. */
public final class LedgerLookup {
    private static final Field<Integer> EPOCHS = DSL.field(DSL.selectCount()
                    .from(LEDGER_EPOCH)
                    .where(DSL.field(DSL.name("ledger_epoch", "fork_id"), String.class)
                            .eq(DSL.field(DSL.name("ledger_fork", "fork_id"), String.class))))
            .as("epochs");

    private final Database database;
    private final long chainId;

    /** @param chainId of the indexed chain: part of every DID */
    public LedgerLookup(Database database, long chainId) {
        this.database = database;
        this.chainId = chainId;
    }

    /**
     * A model that somebody trains.
     *
     * @param epochs how many were anchored
     */
    public record Fork(
            String forkId,
            String did,
            String baseHash,
            int epochs,
            long block,
            int logIndex,
            String forkedAt,
            String tx) {}

    /**
     * An anchored epoch.
     *
     * @param root of the tree of its records
     * @param firstOpId of its first record, decimal
     * @param lastOpId of its last record, decimal
     */
    public record Epoch(
            long epoch, String root, String firstOpId, String lastOpId, long block, String recordedAt, String tx) {}

    /**
     * An export.
     *
     * @param manifestDigest SHA-256 of the exported model's manifest
     */
    public record Export(String manifestDigest, long block, String exportedAt, String tx) {}

    /** One fork. */
    public Optional<Fork> fork(Bytes32 forkId) {
        return forks(FORK_ID.eq(forkId.hex()), ChainPosition.START, 1).stream().findFirst();
    }

    /** A page of an identity's forks, oldest first; empty for a DID of another chain. */
    public Page<Fork> forks(LuxDid did, ChainPosition after, int limit) {
        if (did.chainId() != chainId) {
            return new Page<>(List.of(), Optional.empty());
        }
        List<Fork> found = forks(IDENTITY.eq(did.address().hex()), after, limit + 1);
        if (found.size() <= limit) {
            return new Page<>(found, Optional.empty());
        }
        Fork last = found.get(limit - 1);
        return new Page<>(found.subList(0, limit), Optional.of(new ChainPosition(last.block(), last.logIndex())));
    }

    private List<Fork> forks(Condition condition, ChainPosition after, int limit) {
        return database.reads()
                .select(FORK_ID, IDENTITY, BASE_HASH, BLOCK_NUMBER, LOG_INDEX, TIME_S, TX_HASH, EPOCHS)
                .from(LEDGER_FORK)
                .where(condition)
                .and(BLOCK_NUMBER
                        .gt(after.block())
                        .or(BLOCK_NUMBER.eq(after.block()).and(LOG_INDEX.gt(after.logIndex()))))
                .orderBy(BLOCK_NUMBER, LOG_INDEX)
                .limit(limit)
                .fetch(row -> new Fork(
                        row.get(FORK_ID),
                        new LuxDid(chainId, EvmAddress.of(row.get(IDENTITY))).toString(),
                        row.get(BASE_HASH),
                        row.get(EPOCHS),
                        row.get(BLOCK_NUMBER),
                        row.get(LOG_INDEX),
                        time(row),
                        row.get(TX_HASH)));
    }

    /**
     * Epochs of a fork in order.
     *
     * @param from the first one's number
     */
    public List<Epoch> epochs(Bytes32 forkId, long from, int limit) {
        return database.reads()
                .select(EPOCH, ROOT, FIRST_OP_ID, LAST_OP_ID, BLOCK_NUMBER, TIME_S, TX_HASH)
                .from(LEDGER_EPOCH)
                .where(FORK_ID.eq(forkId.hex()), EPOCH.ge(from))
                .orderBy(EPOCH)
                .limit(limit)
                .fetch(row -> new Epoch(
                        row.get(EPOCH),
                        row.get(ROOT),
                        row.get(FIRST_OP_ID),
                        row.get(LAST_OP_ID),
                        row.get(BLOCK_NUMBER),
                        time(row),
                        row.get(TX_HASH)));
    }

    /** The newest exports of a fork, newest first. */
    public List<Export> exports(Bytes32 forkId, int limit) {
        return database.reads()
                .select(MANIFEST_DIGEST, BLOCK_NUMBER, TIME_S, TX_HASH)
                .from(LEDGER_EXPORT)
                .where(FORK_ID.eq(forkId.hex()))
                .orderBy(BLOCK_NUMBER.desc(), LOG_INDEX.desc())
                .limit(limit)
                .fetch(row -> new Export(row.get(MANIFEST_DIGEST), row.get(BLOCK_NUMBER), time(row), row.get(TX_HASH)));
    }

    private static String time(Record row) {
        return Instant.ofEpochSecond(row.get(TIME_S)).toString();
    }
}
