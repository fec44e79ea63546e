package io.bitdelta.node.chain;

import static io.bitdelta.node.store.Schema.*;

import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.RowCounter;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Hash;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.utils.Numeric;

/**
 * Sends transactions so that each intended one takes effect exactly once, whatever crashes in between.
 *
 * <p>{@link #submit} runs the transaction without sending it, then allocates the nonce, signs, and stores the signed bytes
 * in one SQL transaction; only then are the bytes broadcast. After a crash the same bytes are broadcast again, which a
 * chain takes once. A stalled transaction is replaced by one with the same nonce and at least 12.5 % more fee; the receipt
 * of any attempt settles it. A reorg moves a mined entry back.
 */
public final class Outbox {
    /** One transaction cannot use more (EIP-7825). */
    private static final long GAS_CAP = 16_777_216;

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    private final Database database;
    private final ChainClient chain;
    private final long chainId;
    private final Credentials signer;
    private final Finality finality;
    private final Runnable beforeConfirmed;
    private final Clock clock;

    /**
     * @param signer the one account this outbox sends from; nobody else may send from it
     * @param beforeConfirmed runs before an entry is first called confirmed, to make an embedded chain durable
     */
    public Outbox(
            Database database,
            ChainClient chain,
            Credentials signer,
            Finality finality,
            Runnable beforeConfirmed,
            Clock clock) {
        this.database = database;
        this.chain = chain;
        this.chainId = chain.chainId();
        this.signer = signer;
        this.finality = finality;
        this.beforeConfirmed = beforeConfirmed;
        this.clock = clock;
    }

    /** The sending account, lowercase 0x-hex. */
    public String signer() {
        return signer.getAddress();
    }

    /**
     * Stores an intended transaction and broadcasts it. A purpose that was submitted before returns what became of it; one
     * that failed is tried anew.
     *
     * @throws RevertedException when the transaction would revert; nothing is stored then
     * @throws ChainException when the chain cannot be reached before the transaction is stored
     */
    public OutboxEntry submit(TxRequest request) {
        Optional<OutboxEntry> known = find(request.purpose());
        if (known.isPresent() && known.get().state() != TxState.FAILED) {
            return known.get();
        }
        chain.preflight(signer(), request.recipient(), request.calldata(), request.valueWei(), request.purpose());
        long estimate = chain.estimateGas(
                signer(), request.recipient(), request.calldata(), request.valueWei(), request.purpose());
        long gasLimit = Math.min(GAS_CAP, estimate + estimate / 5);
        BlockHead head = chain.head();
        long chainNonce = chain.nonceAt(signer(), head.number());
        Fee fee = Fee.at(head);
        OutboxEntry entry = database.transaction(sql -> insert(sql, request, chainNonce, gasLimit, fee));
        broadcastNewest(entry);
        return reload(entry.id());
    }

    /** Submits and waits until the transaction is final. */
    public OutboxEntry execute(TxRequest request) {
        OutboxEntry entry = await(submit(request).id());
        if (entry.state() == TxState.FAILED) {
            throw new RevertedException(
                    request.purpose(), "", entry.failure() == null ? "unknown reason" : entry.failure(), null);
        }
        return entry;
    }

    /** The newest entry of a purpose. */
    public Optional<OutboxEntry> find(String purpose) {
        return newest(database.sql(), purpose).map(row -> entry(database.sql(), row));
    }

    private Optional<Record> newest(DSLContext sql, String purpose) {
        return sql.select(OUTBOX_COLUMNS)
                .from(OUTBOX)
                .where(PURPOSE.eq(purpose), CHAIN_ID.eq(chainId))
                .orderBy(ROUND.desc())
                .limit(1)
                .fetchOptional()
                .map(row -> row);
    }

    /** Looks once at every open entry: rebroadcasts, replaces, notes receipts and confirmations. */
    public void advance() {
        List<Long> open = database.sql()
                .select(ID)
                .from(OUTBOX)
                .where(CHAIN_ID.eq(chainId), SIGNER_ADDRESS.eq(signer()))
                .and(STATE.notIn(TxState.CONFIRMED.name(), TxState.FAILED.name()))
                .orderBy(TX_NONCE)
                .fetch(ID);
        open.forEach(this::advance);
    }

    private OutboxEntry await(long id) {
        long start = clock.millis();
        while (true) {
            OutboxEntry entry = advance(id);
            if (entry.state().isFinal()) {
                return entry;
            }
            if (clock.millis() - start > finality.patience().toMillis()) {
                throw new ChainException(
                        "%s is not confirmed after %d s (%s); it stays in the outbox and goes on when you run this again"
                                .formatted(entry.purpose(), finality.patience().toSeconds(), entry.state()));
            }
            pause(finality.pollEvery());
        }
    }

    private void pause(Duration time) {
        LockSupport.parkNanos(this, time.toNanos());
        if (Thread.currentThread().isInterrupted()) {
            throw new ChainException("interrupted while waiting for a transaction");
        }
    }

    private OutboxEntry advance(long id) {
        OutboxEntry entry = reload(id);
        if (entry.state().isFinal()) {
            return entry;
        }
        Optional<TransactionReceipt> receipt = receiptOfAnyAttempt(entry);
        if (receipt.isPresent()) {
            return settle(entry, receipt.get());
        }
        long head = chain.head().number();
        long safe = Math.max(0, head - finality.confirmations() + 1);
        if (chain.nonceAt(signer(), safe) > entry.nonce()
                && receiptOfAnyAttempt(entry).isEmpty()) {
            return move(
                    entry,
                    TxState.FAILED,
                    null,
                    "nonce " + entry.nonce() + " was used by a transaction of another program");
        }
        if (entry.state() == TxState.MINED) {
            log.info(
                    "{} was mined in block {}, which is no longer there; sending it again",
                    entry.purpose(),
                    entry.block());
            move(entry, TxState.SUBMITTED, null, null);
        }
        if (entry.state() == TxState.SUBMITTED && stalled(entry)) {
            replace(entry);
        }
        broadcastNewest(entry);
        return reload(id);
    }

    private OutboxEntry settle(OutboxEntry entry, TransactionReceipt receipt) {
        long depth = chain.head().number() - receipt.getBlockNumber().longValueExact() + 1;
        if (depth < finality.confirmations()) {
            return entry.state() == TxState.MINED ? entry : move(entry, TxState.MINED, receipt, null);
        }
        beforeConfirmed.run();
        if (receipt.isStatusOK()) {
            return move(entry, TxState.CONFIRMED, receipt, null);
        }
        return move(entry, TxState.FAILED, receipt, reason(entry));
    }

    /** A receipt carries no reason; running the call again on today's state usually finds it. */
    private String reason(OutboxEntry entry) {
        try {
            chain.preflight(signer(), entry.recipient(), entry.calldata(), entry.valueWei(), entry.purpose());
            return "it reverted when it was mined, but would succeed now: try again";
        } catch (RevertedException reverted) {
            return String.valueOf(reverted.getMessage());
        }
    }

    private Optional<TransactionReceipt> receiptOfAnyAttempt(OutboxEntry entry) {
        for (String hash : database.sql()
                .select(HASH)
                .from(ATTEMPT)
                .where(OUTBOX_ID.eq(entry.id()))
                .orderBy(ORDINAL.desc())
                .fetch(HASH)) {
            Optional<TransactionReceipt> receipt = chain.receipt(hash);
            if (receipt.isPresent()) {
                return receipt;
            }
        }
        return Optional.empty();
    }

    private boolean stalled(OutboxEntry entry) {
        long signedAt = newestAttempt(database.sql(), entry.id()).get(SIGNED_AT_MS);
        return clock.millis() - signedAt > finality.stallAfter().toMillis();
    }

    private void replace(OutboxEntry entry) {
        Record newest = newestAttempt(database.sql(), entry.id());
        Fee bumped = new Fee(new BigInteger(newest.get(MAX_FEE_WEI)), new BigInteger(newest.get(PRIORITY_FEE_WEI)))
                .bumped(Fee.at(chain.head()));
        database.transaction(sql -> {
            attempt(sql, entry, newest.get(ORDINAL) + 1, bumped);
            return true;
        });
        log.info("{} waits too long; replaced with a higher fee of {} wei per gas", entry.purpose(), bumped.maxWei());
    }

    private void broadcastNewest(OutboxEntry entry) {
        String bytes = newestAttempt(database.sql(), entry.id()).get(SIGNED_BYTES);
        switch (chain.broadcast(bytes)) {
            case Broadcast.Accepted accepted -> {
                if (entry.state() == TxState.SIGNED) {
                    move(entry, TxState.SUBMITTED, null, null);
                }
            }
            case Broadcast.NonceTooLow passed ->
                log.debug("{}: its nonce has passed; looking for its receipt", entry.purpose());
            case Broadcast.Underpriced underpriced -> log.debug("{}: {}", entry.purpose(), underpriced.message());
            case Broadcast.Refused refused ->
                throw new ChainException("%s: the chain does not take it: %s; it stays in the outbox"
                        .formatted(entry.purpose(), refused.message()));
        }
    }

    private OutboxEntry insert(DSLContext sql, TxRequest request, long chainNonce, long gasLimit, Fee fee) {
        sql.insertInto(SIGNER, CHAIN_ID, ADDRESS, NEXT_NONCE)
                .values(chainId, signer(), chainNonce)
                .onConflictDoNothing()
                .execute();
        sql.update(SIGNER)
                .set(NEXT_NONCE, DSL.greatest(NEXT_NONCE, DSL.val(chainNonce)).plus(1))
                .where(CHAIN_ID.eq(chainId), ADDRESS.eq(signer()))
                .execute();
        long nonce = sql.select(NEXT_NONCE)
                        .from(SIGNER)
                        .where(CHAIN_ID.eq(chainId), ADDRESS.eq(signer()))
                        .fetchSingle(NEXT_NONCE)
                - 1;
        // The signer's row is locked: what another thread or node stored for this purpose is visible now.
        Optional<Record> known = newest(sql, request.purpose());
        if (known.isPresent() && TxState.valueOf(known.get().get(STATE)) != TxState.FAILED) {
            sql.update(SIGNER)
                    .set(NEXT_NONCE, nonce)
                    .where(CHAIN_ID.eq(chainId), ADDRESS.eq(signer()))
                    .execute();
            return entry(sql, known.get());
        }
        int round = sql.select(DSL.coalesce(DSL.max(ROUND), -1))
                        .from(OUTBOX)
                        .where(PURPOSE.eq(request.purpose()))
                        .fetchSingle()
                        .value1()
                + 1;
        long id = RowCounter.next(sql, "outbox");
        sql.insertInto(OUTBOX)
                .set(ID, id)
                .set(PURPOSE, request.purpose())
                .set(ROUND, round)
                .set(CHAIN_ID, chainId)
                .set(SIGNER_ADDRESS, signer())
                .set(TX_NONCE, nonce)
                .set(RECIPIENT, request.recipient())
                .set(CALLDATA, request.calldata())
                .set(VALUE_WEI, request.valueWei().toString())
                .set(GAS_LIMIT, gasLimit)
                .set(STATE, TxState.SIGNED.name())
                .execute();
        OutboxEntry unsigned = new OutboxEntry(
                id,
                request.purpose(),
                signer(),
                nonce,
                request.recipient(),
                request.calldata(),
                request.valueWei(),
                gasLimit,
                TxState.SIGNED,
                "",
                -1,
                -1,
                null);
        attempt(sql, unsigned, 0, fee);
        return entry(
                sql, sql.select(OUTBOX_COLUMNS).from(OUTBOX).where(ID.eq(id)).fetchSingle());
    }

    private void attempt(DSLContext sql, OutboxEntry entry, int ordinal, Fee fee) {
        RawTransaction raw = RawTransaction.createTransaction(
                chainId,
                BigInteger.valueOf(entry.nonce()),
                BigInteger.valueOf(entry.gasLimit()),
                entry.recipient(),
                entry.valueWei(),
                entry.calldata(),
                fee.tipWei(),
                fee.maxWei());
        byte[] signed = TransactionEncoder.signMessage(raw, signer);
        sql.insertInto(ATTEMPT)
                .set(HASH, Numeric.toHexString(Hash.sha3(signed)))
                .set(OUTBOX_ID, entry.id())
                .set(ORDINAL, ordinal)
                .set(SIGNED_BYTES, Numeric.toHexString(signed))
                .set(MAX_FEE_WEI, fee.maxWei().toString())
                .set(PRIORITY_FEE_WEI, fee.tipWei().toString())
                .set(SIGNED_AT_MS, clock.millis())
                .execute();
    }

    private OutboxEntry move(
            OutboxEntry entry, TxState state, @Nullable TransactionReceipt receipt, @Nullable String failure) {
        database.sql()
                .update(OUTBOX)
                .set(STATE, state.name())
                .set(MINED_HASH, receipt == null ? null : receipt.getTransactionHash())
                .set(
                        MINED_BLOCK,
                        receipt == null ? null : receipt.getBlockNumber().longValueExact())
                .set(BLOCK_HASH, receipt == null ? null : receipt.getBlockHash())
                .set(GAS_USED, receipt == null ? null : receipt.getGasUsed().longValueExact())
                .set(FAILURE, failure)
                .where(ID.eq(entry.id()))
                .execute();
        return reload(entry.id());
    }

    private OutboxEntry reload(long id) {
        DSLContext sql = database.sql();
        return entry(
                sql, sql.select(OUTBOX_COLUMNS).from(OUTBOX).where(ID.eq(id)).fetchSingle());
    }

    private static Record newestAttempt(DSLContext sql, long id) {
        return sql.select(ATTEMPT_COLUMNS)
                .from(ATTEMPT)
                .where(OUTBOX_ID.eq(id))
                .orderBy(ORDINAL.desc())
                .limit(1)
                .fetchSingle();
    }

    private static OutboxEntry entry(DSLContext sql, Record row) {
        String mined = row.get(MINED_HASH);
        Long block = row.get(MINED_BLOCK);
        Long gas = row.get(GAS_USED);
        return new OutboxEntry(
                row.get(ID),
                row.get(PURPOSE),
                row.get(SIGNER_ADDRESS),
                row.get(TX_NONCE),
                row.get(RECIPIENT),
                row.get(CALLDATA),
                new BigInteger(row.get(VALUE_WEI)),
                row.get(GAS_LIMIT),
                TxState.valueOf(row.get(STATE)),
                mined == null ? newestAttempt(sql, row.get(ID)).get(HASH) : mined,
                block == null ? -1 : block,
                gas == null ? -1 : gas,
                row.get(FAILURE));
    }
}
