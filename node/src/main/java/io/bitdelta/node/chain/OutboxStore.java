package io.bitdelta.node.chain;

import static io.bitdelta.node.chain.OutboxTables.*;
import static io.bitdelta.node.store.Schema.*;

import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.RowCounter;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.utils.Numeric;

/**
 * The outbox's rows. Whoever writes locks rows by updating them first, in the order counter, signer, entry: that is a row
 * lock on PostgreSQL and the database's one write lock on SQLite.
 */
final class OutboxStore {
    /** {@link OutboxTables#SENDER} of an intent that any account may send. */
    static final String ANY = "any";

    private static final String COUNTER = "outbox";
    private static final List<String> FINAL_STATES =
            List.of(TxState.CONFIRMED.name(), TxState.FAILED.name(), TxState.EXPIRED.name());

    private final Database database;
    private final long chainId;

    OutboxStore(Database database, long chainId) {
        this.database = database;
        this.chainId = chainId;
    }

    <T> T transaction(Function<DSLContext, T> work) {
        return database.transaction(work);
    }

    /** Who may send an entry: an address, or {@link #ANY}. */
    String sender(long id) {
        return database.sql().select(SENDER).from(OUTBOX).where(ID.eq(id)).fetchSingle(SENDER);
    }

    /** The newest round of a purpose. */
    Optional<OutboxEntry> newest(String purpose) {
        return newest(database.sql(), purpose);
    }

    private Optional<OutboxEntry> newest(DSLContext sql, String purpose) {
        return sql.select(ENTRY)
                .from(OUTBOX)
                .where(PURPOSE.eq(purpose), CHAIN_ID.eq(chainId))
                .orderBy(ROUND.desc())
                .limit(1)
                .fetchOptional()
                .map(row -> entry(sql, row));
    }

    /** The newest round of each purpose. */
    Map<String, OutboxEntry> newest(Collection<String> purposes) {
        Map<String, OutboxEntry> found = new HashMap<>();
        database.sql()
                .select(ENTRY)
                .from(OUTBOX)
                .where(PURPOSE.in(purposes), CHAIN_ID.eq(chainId))
                .orderBy(ROUND)
                .fetch()
                .forEach(row -> found.put(row.get(PURPOSE), entry(database.sql(), row)));
        return found;
    }

    OutboxEntry get(long id) {
        return get(database.sql(), id);
    }

    private static OutboxEntry get(DSLContext sql, long id) {
        return entry(sql, sql.select(ENTRY).from(OUTBOX).where(ID.eq(id)).fetchSingle());
    }

    /** Entries that are not final and that one of {@code signers} sends or may send, in the order of nonces. */
    List<Long> open(Collection<String> signers) {
        return database.sql()
                .select(ID)
                .from(OUTBOX)
                .where(CHAIN_ID.eq(chainId), isOpen())
                .and(SIGNER_ADDRESS
                        .in(signers)
                        .or(SIGNER_ADDRESS.isNull().and(SENDER.eq(ANY).or(SENDER.in(signers)))))
                .orderBy(TX_NONCE, ID)
                .fetch(ID);
    }

    /** Entries before one in its signer's queue, which must be mined first. */
    List<Long> openBefore(String signer, long nonce) {
        return database.sql()
                .select(ID)
                .from(OUTBOX)
                .where(CHAIN_ID.eq(chainId), SIGNER_ADDRESS.eq(signer), TX_NONCE.lt(nonce), isOpen())
                .orderBy(TX_NONCE)
                .fetch(ID);
    }

    /** The account with the fewest entries that are not final. */
    String shortestQueue(Collection<String> signers) {
        Map<String, Integer> queues = database.sql()
                .select(SIGNER_ADDRESS, DSL.count())
                .from(OUTBOX)
                .where(CHAIN_ID.eq(chainId), SIGNER_ADDRESS.in(signers), isOpen())
                .groupBy(SIGNER_ADDRESS)
                .fetchMap(SIGNER_ADDRESS, DSL.count());
        return signers.stream()
                .min(Comparator.<String>comparingInt(signer -> queues.getOrDefault(signer, 0))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    /** When the first attempt of each entry that is not final was signed; entries that hold no nonce yet have none. */
    List<Long> firstSignedAt() {
        Field<Long> first = DSL.min(SIGNED_AT_MS);
        return database.reads()
                .select(first)
                .from(ATTEMPT)
                .join(OUTBOX)
                .on(OUTBOX_ID.eq(DSL.field(DSL.name("outbox", "id"), Long.class)))
                .where(CHAIN_ID.eq(chainId), isOpen())
                .groupBy(OUTBOX_ID)
                .fetch(first);
    }

    /** How many entries of each state are not final. */
    Map<TxState, Integer> queue() {
        return database
                .sql()
                .select(STATE, DSL.count())
                .from(OUTBOX)
                .where(CHAIN_ID.eq(chainId), isOpen())
                .groupBy(STATE)
                .fetch()
                .stream()
                .collect(Collectors.toMap(
                        row -> TxState.valueOf(row.value1()),
                        row -> row.value2(),
                        Integer::sum,
                        () -> new EnumMap<>(TxState.class)));
    }

    private static Condition isOpen() {
        return STATE.notIn(FINAL_STATES);
    }

    /**
     * Stores an intent without a nonce, unless another process has stored one for the purpose meanwhile.
     *
     * @return empty when it was not stored
     */
    Optional<OutboxEntry> insert(DSLContext sql, TxRequest request, String sender, long gasLimit) {
        // Locks the counter: what another node stored for this purpose is visible from here on.
        long id = RowCounter.next(sql, COUNTER);
        Optional<OutboxEntry> rival = newest(sql, request.purpose());
        if (rival.isPresent() && !isRetriable(rival.get().state())) {
            return Optional.empty();
        }
        int round = sql.select(DSL.coalesce(DSL.max(ROUND), -1))
                        .from(OUTBOX)
                        .where(PURPOSE.eq(request.purpose()), CHAIN_ID.eq(chainId))
                        .fetchSingle()
                        .value1()
                + 1;
        sql.insertInto(OUTBOX)
                .set(ID, id)
                .set(PURPOSE, request.purpose())
                .set(ROUND, round)
                .set(CHAIN_ID, chainId)
                .set(SENDER, sender)
                .set(RECIPIENT, request.recipient())
                .set(CALLDATA, request.calldata())
                .set(VALUE_WEI, request.valueWei().toString())
                .set(GAS_LIMIT, gasLimit)
                .set(NOT_AFTER_S, request.notAfter())
                .set(STATE, TxState.WAITING_FEE.name())
                .execute();
        return Optional.of(get(sql, id));
    }

    /** Whether a purpose in this state may be tried anew. */
    static boolean isRetriable(TxState state) {
        return state == TxState.FAILED || state == TxState.EXPIRED;
    }

    /**
     * Gives an entry the signer's next nonce.
     *
     * @param chainNonce transactions of the account in the chain: a new database starts there
     * @return empty when another process gave it one meanwhile
     */
    Optional<OutboxEntry> allocate(DSLContext sql, OutboxEntry entry, String signer, long chainNonce) {
        sql.insertInto(SIGNER, CHAIN_ID, ADDRESS, NEXT_NONCE)
                .values(chainId, signer, chainNonce)
                .onConflictDoNothing()
                .execute();
        sql.update(SIGNER)
                .set(NEXT_NONCE, DSL.greatest(NEXT_NONCE, DSL.val(chainNonce)).plus(1))
                .where(CHAIN_ID.eq(chainId), ADDRESS.eq(signer))
                .execute();
        long nonce = sql.select(NEXT_NONCE)
                        .from(SIGNER)
                        .where(CHAIN_ID.eq(chainId), ADDRESS.eq(signer))
                        .fetchSingle(NEXT_NONCE)
                - 1;
        int given = sql.update(OUTBOX)
                .set(SIGNER_ADDRESS, signer)
                .set(TX_NONCE, nonce)
                .set(STATE, TxState.SIGNED.name())
                .where(ID.eq(entry.id()), SIGNER_ADDRESS.isNull(), isOpen())
                .execute();
        return given == 1 ? Optional.of(get(sql, entry.id())) : Optional.empty();
    }

    void append(DSLContext sql, OutboxEntry entry, Attempt attempt) {
        sql.insertInto(ATTEMPT)
                .set(HASH, attempt.hash())
                .set(OUTBOX_ID, entry.id())
                .set(ORDINAL, attempt.ordinal())
                .set(CANCELS, attempt.cancels() ? 1 : 0)
                .set(SIGNED_BYTES, attempt.signedBytes())
                .set(MAX_FEE_WEI, attempt.fee().maxWei().toString())
                .set(PRIORITY_FEE_WEI, attempt.fee().tipWei().toString())
                .set(SIGNED_AT_MS, attempt.signedAtMs())
                .execute();
    }

    /**
     * Takes the entry's row for a replacement.
     *
     * @return false when another process has moved the entry or replaced the attempt meanwhile
     */
    boolean take(DSLContext sql, OutboxEntry entry, TxState to, int ordinal) {
        int moved = sql.update(OUTBOX)
                .set(STATE, to.name())
                .where(ID.eq(entry.id()), STATE.eq(entry.state().name()))
                .execute();
        return moved == 1 && attempts(sql, entry.id()).getFirst().ordinal() + 1 == ordinal;
    }

    /** The entry's attempts, newest first. */
    List<Attempt> attempts(long id) {
        return attempts(database.sql(), id);
    }

    private static List<Attempt> attempts(DSLContext sql, long id) {
        return sql.select(TRY).from(ATTEMPT).where(OUTBOX_ID.eq(id)).orderBy(ORDINAL.desc()).fetch().stream()
                .map(row -> new Attempt(
                        row.get(HASH),
                        row.get(ORDINAL),
                        row.get(CANCELS) != 0,
                        row.get(SIGNED_BYTES),
                        new Fee(new BigInteger(row.get(MAX_FEE_WEI)), new BigInteger(row.get(PRIORITY_FEE_WEI))),
                        row.get(SIGNED_AT_MS)))
                .toList();
    }

    /** Notes a new state, unless another process has moved the entry meanwhile. */
    OutboxEntry move(OutboxEntry entry, TxState state, @Nullable TransactionReceipt receipt, @Nullable String failure) {
        database.sql()
                .update(OUTBOX)
                .set(STATE, state.name())
                .set(MINED_HASH, receipt == null ? null : receipt.getTransactionHash())
                .set(
                        MINED_BLOCK,
                        receipt == null ? null : receipt.getBlockNumber().longValueExact())
                .set(BLOCK_HASH, receipt == null ? null : receipt.getBlockHash())
                .set(GAS_USED, receipt == null ? null : receipt.getGasUsed().longValueExact())
                .set(PRICE_WEI, receipt == null ? null : price(receipt))
                .set(FAILURE, failure)
                .where(ID.eq(entry.id()), STATE.eq(entry.state().name()))
                .execute();
        return get(entry.id());
    }

    private static String price(TransactionReceipt receipt) {
        String hex = receipt.getEffectiveGasPrice();
        return hex == null ? "0" : Numeric.toBigInt(hex).toString();
    }

    private static OutboxEntry entry(DSLContext sql, Record row) {
        String mined = row.get(MINED_HASH);
        Long block = row.get(MINED_BLOCK);
        Long gas = row.get(GAS_USED);
        Long nonce = row.get(TX_NONCE);
        String price = row.get(PRICE_WEI);
        return new OutboxEntry(
                row.get(ID),
                row.get(PURPOSE),
                orEmpty(row.get(SIGNER_ADDRESS)),
                nonce == null ? -1 : nonce,
                row.get(RECIPIENT),
                row.get(CALLDATA),
                new BigInteger(row.get(VALUE_WEI)),
                row.get(GAS_LIMIT),
                row.get(NOT_AFTER_S),
                TxState.valueOf(row.get(STATE)),
                mined == null ? newestHash(sql, row.get(ID)) : mined,
                block == null ? -1 : block,
                orEmpty(row.get(BLOCK_HASH)),
                gas == null ? -1 : gas,
                price == null ? BigInteger.ZERO : new BigInteger(price),
                row.get(FAILURE));
    }

    private static String newestHash(DSLContext sql, long id) {
        List<Attempt> attempts = attempts(sql, id);
        return attempts.isEmpty() ? "" : attempts.getFirst().hash();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
