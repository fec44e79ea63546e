package io.bitdelta.node.chain;

import io.bitdelta.node.chain.TxMachine.Receipt;
import io.bitdelta.node.chain.TxMachine.Sight;
import io.bitdelta.node.chain.TxMachine.Step;
import io.bitdelta.node.fault.FaultPoint;
import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.trace.TraceStep;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jooq.DSLContext;
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
 * of any attempt settles it. A reorg moves a mined entry back. {@link TxMachine} decides; this class looks and acts.
 *
 * <p>Several nodes on one database may send from the same accounts: nonces are given out under a row lock, and whoever
 * looks at an entry second finds it moved. Thread-safe.
 */
public final class Outbox {
    /** One transaction cannot use more (EIP-7825). */
    private static final long GAS_CAP = 16_777_216;

    /** The estimate may count on a transaction before it to have filled a slot, and that one may be cancelled. */
    private static final long FRESH_SLOT_GAS = 25_000;

    private static final BigInteger PLAIN_TRANSFER_GAS = BigInteger.valueOf(21_000);

    /** After so many times the pause before a replacement, somebody should look at a transaction. */
    private static final int STUCK_STALLS = 5;

    /** A transaction that is valid for less than this is not signed: it would be mined too late. */
    private static final long EXPIRY_MARGIN_SECONDS = 30;

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    private final OutboxStore store;
    private final ChainClient chain;
    private final long chainId;
    private final Signers signers;
    private final SendingRules rules;
    private final Finality finality;
    private final LongConsumer beforeConfirmed;
    private final Faults faults;
    private final Clock clock;

    /**
     * @param signers the accounts this outbox sends from; nobody else may send from them but nodes on the same database
     * @param beforeConfirmed told the block of an entry before that is first called confirmed, to make an embedded chain
     *     durable
     * @param faults told of every step between two effects
     */
    public Outbox(
            Database database,
            ChainClient chain,
            Signers signers,
            SendingRules rules,
            LongConsumer beforeConfirmed,
            Faults faults,
            Clock clock) {
        this.chain = chain;
        this.chainId = chain.chainId();
        this.store = new OutboxStore(database, chainId);
        this.signers = signers;
        this.rules = rules;
        this.finality = rules.finality();
        this.beforeConfirmed = beforeConfirmed;
        this.faults = faults;
        this.clock = clock;
    }

    /** The primary account, lowercase 0x-hex. */
    public String signer() {
        return signers.primary();
    }

    /** All accounts, lowercase 0x-hex. */
    public Set<String> signers() {
        return signers.addresses();
    }

    /**
     * Stores an intended transaction and broadcasts it. A purpose that was submitted before returns what became of it; one
     * that failed or expired is tried anew.
     *
     * @throws RevertedException when the transaction would revert; nothing is stored then
     * @throws TxExpiredException when its time has passed already; nothing is stored then
     * @throws TxRefusedException when it is stored and signed, but the chain's node does not take it now
     * @throws ChainException when the chain cannot be reached before the transaction is stored
     */
    public OutboxEntry submit(TxRequest request) {
        Optional<OutboxEntry> known = find(request.purpose());
        if (known.isPresent() && !OutboxStore.isRetriable(known.get().state())) {
            return known.get();
        }
        chain.requireAgreement();
        BlockHead head = head();
        if (expired(request.notAfter(), head)) {
            throw new TxExpiredException(request.purpose(), request.notAfter());
        }
        String from = account(request.sender());
        long gasLimit = request.gasLimit() == TxRequest.ESTIMATED
                ? tryOut(from, request.recipient(), request.calldata(), request.valueWei(), request.purpose())
                : request.gasLimit();
        faults.reach(FaultPoint.TX_TRIED);
        Fee fee = Fee.at(head).under(rules.maxFeeWei());
        return fee.pays(head)
                ? storeAndSend(request, from, gasLimit, fee, chain.nonceAt(from, head.number()))
                : storeUnsigned(request, gasLimit, head);
    }

    /** An endpoint that was led to another chain would make every nonce look used, and every receipt lost. */
    private BlockHead head() {
        long answered = chain.chainId();
        if (answered != chainId) {
            throw new ChainException("%s answers for chain %d, but this outbox is of chain %d: set chain.rpc right"
                    .formatted(chain.url(), answered, chainId));
        }
        return chain.head();
    }

    private OutboxEntry storeAndSend(TxRequest request, String from, long gasLimit, Fee fee, long chainNonce) {
        Optional<OutboxEntry> stored = store.transaction(sql -> store.insert(sql, request, sender(request), gasLimit)
                .flatMap(intent -> {
                    Optional<OutboxEntry> signed = signFirst(sql, intent, from, chainNonce, fee);
                    faults.reach(FaultPoint.TX_STORING);
                    return signed;
                }));
        if (stored.isEmpty()) {
            return find(request.purpose()).orElseThrow();
        }
        faults.reach(FaultPoint.TX_STORED);
        broadcastNewest(stored.get());
        return store.get(stored.get().id());
    }

    private OutboxEntry storeUnsigned(TxRequest request, long gasLimit, BlockHead head) {
        Optional<OutboxEntry> stored = store.transaction(sql -> store.insert(sql, request, sender(request), gasLimit));
        faults.reach(FaultPoint.TX_WAITING);
        log.warn(
                "{} waits: gas costs {} wei, the most allowed is {} (chain.maxFeeGwei)",
                request.purpose(),
                head.baseFeeWei(),
                rules.maxFeeWei());
        return stored.or(() -> find(request.purpose())).orElseThrow();
    }

    private long tryOut(String from, @Nullable String recipient, String calldata, BigInteger value, String purpose) {
        chain.preflight(from, recipient, calldata, value, purpose);
        long estimate = chain.estimateGas(from, recipient, calldata, value, purpose);
        return Math.min(GAS_CAP, estimate + estimate / 5 + FRESH_SLOT_GAS);
    }

    private String account(TxRequest.Sender sender) {
        return switch (sender) {
            case TxRequest.Sender.Primary primary -> signers.primary();
            case TxRequest.Sender.Any any -> store.shortestQueue(signers.addresses());
            case TxRequest.Sender.Account account ->
                signers.key(account.address()).getAddress();
        };
    }

    private String sender(TxRequest request) {
        return request.sender() instanceof TxRequest.Sender.Any ? OutboxStore.ANY : account(request.sender());
    }

    /**
     * Submits and waits until the transaction is final.
     *
     * @throws RevertedException when it failed, now or when it was mined
     * @throws TxExpiredException when its time passed first
     * @throws ChainException when it is not final in the time that {@link Finality} allows; it goes on by itself
     */
    public OutboxEntry execute(TxRequest request) {
        try (TraceStep step = TraceStep.begin("chain transaction")) {
            try {
                OutboxEntry entry = succeeded(await(submit(request).id()));
                step.with("bitdelta.tx.hash", String.valueOf(entry.hash()))
                        .with("bitdelta.tx.nonce", entry.nonce())
                        .with("bitdelta.tx.block", entry.block())
                        .with("bitdelta.tx.gas", entry.gasUsed());
                return entry;
            } catch (RuntimeException failure) {
                step.failed(failure);
                throw failure;
            }
        }
    }

    /**
     * Waits until a stored entry is final.
     *
     * @throws RevertedException when it failed
     * @throws TxExpiredException when its time passed first
     * @throws ChainException when it is not final in the time that {@link Finality} allows; it goes on by itself
     */
    public OutboxEntry awaitFinal(OutboxEntry entry) {
        try (TraceStep step = TraceStep.begin("chain transaction")) {
            step.with("bitdelta.tx.hash", String.valueOf(entry.hash()));
            return succeeded(await(entry.id()));
        }
    }

    /** Looks once at an entry and those before it in its account's queue; returns it as it stands then. */
    public OutboxEntry look(OutboxEntry entry) {
        if (!entry.signer().isEmpty() && !entry.state().isFinal()) {
            advance(store.openBefore(entry.signer(), entry.nonce()));
        }
        return advance(store.get(entry.id()), head());
    }

    private static OutboxEntry succeeded(OutboxEntry entry) {
        if (entry.state() == TxState.FAILED) {
            throw new RevertedException(
                    entry.purpose(), "", entry.failure() == null ? "unknown reason" : entry.failure(), null);
        }
        if (entry.state() == TxState.EXPIRED) {
            throw new TxExpiredException(entry.purpose(), entry.notAfter());
        }
        return entry;
    }

    /** The newest entry of a purpose. */
    public Optional<OutboxEntry> find(String purpose) {
        return store.newest(purpose);
    }

    /** The newest entries of purposes; those that nothing was stored for are missing. */
    public Map<String, OutboxEntry> find(Collection<String> purposes) {
        return store.newest(purposes);
    }

    /** Whether a transaction of an entry is in a block, however deep; looks, and notes nothing. */
    public boolean mined(OutboxEntry entry) {
        return entry.state() == TxState.MINED
                || entry.state().isFinal()
                || receiptOfAny(store.attempts(entry.id())).isPresent();
    }

    /** How many entries of each state are not final, of all accounts in this database. */
    public Map<TxState, Integer> queue() {
        return store.queue();
    }

    /**
     * Signed transactions that are not final.
     *
     * @param oldest time since the oldest was first signed; zero when there are none
     * @param stuck those that were signed so long ago that they should have been mined, replacements and all
     */
    public record Backlog(Duration oldest, int stuck) {}

    /** How long transactions have been under way. */
    public Backlog backlog() {
        long now = clock.millis();
        List<Long> signed = store.firstSignedAt();
        long oldest = signed.stream().mapToLong(at -> now - at).max().orElse(0);
        long tooLong = finality.stallAfter().multipliedBy(STUCK_STALLS).toMillis();
        return new Backlog(Duration.ofMillis(Math.max(0, oldest)), (int)
                signed.stream().filter(at -> now - at > tooLong).count());
    }

    /** What each account has, in wei, in the order in which the accounts were named. */
    public List<BigInteger> balances() {
        return signers.addresses().stream().map(chain::balance).toList();
    }

    /**
     * Looks once at every open entry: rebroadcasts, replaces, notes receipts and confirmations. One entry that the chain
     * does not take does not keep the others from going on.
     *
     * @throws ChainException when the chain cannot be reached, or does not take an entry; the others were looked at
     */
    public void advance() {
        advance(store.open(signers.addresses()));
    }

    private void advance(List<Long> ids) {
        if (ids.isEmpty()) {
            return;
        }
        BlockHead head = head();
        TxRefusedException refusal = null;
        for (long id : ids) {
            try {
                advance(store.get(id), head);
            } catch (TxRefusedException refused) {
                refusal = refused;
            }
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    private OutboxEntry await(long id) {
        long start = clock.millis();
        while (true) {
            OutboxEntry entry = look(store.get(id));
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

    /** What is known of an entry's transactions. */
    private record Seen(Attempt attempt, TransactionReceipt receipt) {}

    private OutboxEntry advance(OutboxEntry entry, BlockHead head) {
        if (entry.state().isFinal()) {
            return entry;
        }
        List<Attempt> attempts = store.attempts(entry.id());
        long finalHeight = finality.finalHeight(chain, head);
        Optional<Seen> seen = receiptOfAny(attempts);
        boolean passed = false;
        if (seen.isEmpty() && !attempts.isEmpty()) {
            passed = chain.nonceAt(entry.signer(), Math.max(0, finalHeight)) > entry.nonce();
            // It may have been mined between the two looks.
            seen = passed ? receiptOfAny(attempts) : seen;
        }
        Step step = TxMachine.next(entry.state(), sight(entry, attempts, seen, passed, finalHeight, head));
        return act(entry, step, attempts, seen, head);
    }

    private Sight sight(
            OutboxEntry entry,
            List<Attempt> attempts,
            Optional<Seen> seen,
            boolean noncePassed,
            long finalHeight,
            BlockHead head) {
        Receipt receipt = seen.map(found -> new Receipt(
                        found.attempt().cancels(),
                        found.receipt().isStatusOK(),
                        found.receipt().getBlockNumber().longValueExact() <= finalHeight))
                .orElse(null);
        boolean expired = expired(entry.notAfter(), head);
        if (attempts.isEmpty()) {
            boolean priced = Fee.at(head).under(rules.maxFeeWei()).pays(head);
            return new Sight(false, receipt, noncePassed, false, false, false, priced, expired);
        }
        Attempt newest = attempts.getFirst();
        return new Sight(
                true,
                receipt,
                noncePassed,
                newest.cancels(),
                clock.millis() - newest.signedAtMs() > finality.stallAfter().toMillis(),
                newest.fee().leastBump().maxWei().compareTo(rules.maxFeeWei()) <= 0,
                newest.fee().pays(head),
                expired);
    }

    private OutboxEntry act(OutboxEntry entry, Step step, List<Attempt> attempts, Optional<Seen> seen, BlockHead head) {
        if (seen.isPresent()) {
            return settle(entry, step.to(), seen.get());
        }
        if (entry.state() == TxState.MINED) {
            log.info(
                    "{} was mined in block {}, which is no longer there; sending it again",
                    entry.purpose(),
                    entry.block());
        }
        switch (step.act()) {
            case SIGN -> {
                return signWaiting(entry, head);
            }
            case REPLACE -> replace(entry, step.to(), attempts.getFirst(), false, head);
            case CANCEL -> replace(entry, step.to(), attempts.getFirst(), true, head);
            case BROADCAST, NONE -> {
                if (step.to() != entry.state()) {
                    store.move(entry, step.to(), null, failure(entry, step.to()));
                }
            }
        }
        if (step.act() != TxMachine.Act.NONE) {
            broadcastNewest(store.get(entry.id()));
        }
        return store.get(entry.id());
    }

    private static @Nullable String failure(OutboxEntry entry, TxState to) {
        return switch (to) {
            case FAILED -> "nonce " + entry.nonce() + " was used by a transaction of another program";
            case EXPIRED -> "it expired before it was signed: fees were above chain.maxFeeGwei all the time";
            default -> null;
        };
    }

    private OutboxEntry settle(OutboxEntry entry, TxState to, Seen seen) {
        TransactionReceipt receipt = seen.receipt();
        if (to == TxState.MINED) {
            boolean noted = entry.state() == TxState.MINED && entry.blockHash().equals(receipt.getBlockHash());
            if (!noted) {
                faults.reach(FaultPoint.TX_RECEIPT_SEEN);
            }
            return noted ? entry : store.move(entry, TxState.MINED, receipt, null);
        }
        faults.reach(FaultPoint.TX_RECEIPT_SEEN);
        beforeConfirmed.accept(receipt.getBlockNumber().longValueExact());
        faults.reach(FaultPoint.TX_FINAL);
        String failure =
                switch (to) {
                    case FAILED -> reason(entry);
                    case EXPIRED -> "it expired before it was mined; its nonce went to an empty transaction";
                    default -> null;
                };
        OutboxEntry settled = store.move(entry, to, receipt, failure);
        faults.reach(FaultPoint.TX_SETTLED);
        return settled;
    }

    /** A receipt carries no reason; running the call again on today's state usually finds it. */
    private String reason(OutboxEntry entry) {
        try {
            chain.preflight(entry.signer(), entry.recipient(), entry.calldata(), entry.valueWei(), entry.purpose());
            return "it reverted when it was mined, but would succeed now: try again";
        } catch (RevertedException reverted) {
            return String.valueOf(reverted.getMessage());
        }
    }

    private Optional<Seen> receiptOfAny(List<Attempt> attempts) {
        for (Attempt attempt : attempts) {
            Optional<TransactionReceipt> receipt = chain.receipt(attempt.hash());
            if (receipt.isPresent()) {
                return Optional.of(new Seen(attempt, receipt.get()));
            }
        }
        return Optional.empty();
    }

    private OutboxEntry signWaiting(OutboxEntry entry, BlockHead head) {
        chain.requireAgreement();
        String from = account(senderOf(entry));
        try {
            chain.preflight(from, entry.recipient(), entry.calldata(), entry.valueWei(), entry.purpose());
        } catch (RevertedException reverted) {
            return store.move(entry, TxState.FAILED, null, reverted.getMessage());
        }
        long chainNonce = chain.nonceAt(from, head.number());
        Fee fee = Fee.at(head).under(rules.maxFeeWei());
        Optional<OutboxEntry> signed = store.transaction(sql -> {
            Optional<OutboxEntry> given = signFirst(sql, entry, from, chainNonce, fee);
            faults.reach(FaultPoint.TX_STORING);
            return given;
        });
        faults.reach(FaultPoint.TX_STORED);
        signed.ifPresent(this::broadcastNewest);
        return store.get(entry.id());
    }

    private TxRequest.Sender senderOf(OutboxEntry entry) {
        String sender = store.sender(entry.id());
        return sender.equals(OutboxStore.ANY) ? new TxRequest.Sender.Any() : new TxRequest.Sender.Account(sender);
    }

    private Optional<OutboxEntry> signFirst(DSLContext sql, OutboxEntry intent, String from, long chainNonce, Fee fee) {
        Optional<OutboxEntry> given = store.allocate(sql, intent, from, chainNonce);
        given.ifPresent(entry -> store.append(sql, entry, sign(entry, 0, false, fee)));
        return given;
    }

    private void replace(OutboxEntry entry, TxState to, Attempt newest, boolean cancel, BlockHead head) {
        Fee fee = newest.fee().bumped(Fee.at(head)).under(rules.maxFeeWei());
        int ordinal = newest.ordinal() + 1;
        boolean replaced = store.transaction(sql -> {
            boolean taken = store.take(sql, entry, to, ordinal);
            if (taken) {
                store.append(sql, entry, sign(entry, ordinal, cancel, fee));
            }
            return taken;
        });
        faults.reach(cancel ? FaultPoint.TX_CANCELLED : FaultPoint.TX_REPLACED);
        if (replaced) {
            log.info(
                    "{} {}; replaced with a higher fee of {} wei per gas",
                    entry.purpose(),
                    cancel ? "has expired" : "waits too long",
                    fee.maxWei());
        }
    }

    private void broadcastNewest(OutboxEntry entry) {
        switch (chain.broadcast(store.attempts(entry.id()).getFirst().signedBytes())) {
            case Broadcast.Accepted accepted -> {
                faults.reach(FaultPoint.TX_BROADCAST);
                if (entry.state() == TxState.SIGNED) {
                    store.move(entry, TxState.SUBMITTED, null, null);
                }
            }
            case Broadcast.NonceTooLow passed ->
                log.debug("{}: its nonce has passed; looking for its receipt", entry.purpose());
            case Broadcast.Underpriced underpriced -> log.debug("{}: {}", entry.purpose(), underpriced.message());
            case Broadcast.Refused refused ->
                throw new TxRefusedException(entry.purpose(), entry.signer(), refused.message());
        }
    }

    private Attempt sign(OutboxEntry entry, int ordinal, boolean cancel, Fee fee) {
        RawTransaction raw = RawTransaction.createTransaction(
                chainId,
                BigInteger.valueOf(entry.nonce()),
                cancel ? PLAIN_TRANSFER_GAS : BigInteger.valueOf(entry.gasLimit()),
                cancel ? entry.signer() : entry.recipient(),
                cancel ? BigInteger.ZERO : entry.valueWei(),
                cancel ? "" : entry.calldata(),
                fee.tipWei(),
                fee.maxWei());
        Credentials key = signers.key(entry.signer());
        byte[] signed = TransactionEncoder.signMessage(raw, key);
        return new Attempt(
                Numeric.toHexString(Hash.sha3(signed)),
                ordinal,
                cancel,
                Numeric.toHexString(signed),
                fee,
                clock.millis());
    }

    private static boolean expired(long notAfter, BlockHead head) {
        return notAfter != TxRequest.NEVER && head.timestamp() + EXPIRY_MARGIN_SECONDS >= notAfter;
    }
}
