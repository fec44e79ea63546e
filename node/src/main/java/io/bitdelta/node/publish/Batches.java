package io.bitdelta.node.publish;

import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.chain.TxExpiredException;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.chain.TxRequest.Sender;
import io.bitdelta.node.chain.TxState;
import io.bitdelta.node.publish.PublishItem.State;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes transactions of batches, and takes those apart that would fail or have. */
final class Batches {
    /** Most items of a transaction. */
    static final int MOST = 100;

    /** Well under the gas that one transaction may use (EIP-7825), with room for the outbox's margin. */
    private static final long GAS_PER_BATCH = 13_000_000;

    /** What a batch is tried out with before anybody is asked for an estimate, which costs a chain many executions. */
    private static final long GAS_OF_BATCH = 100_000;

    private static final long GAS_OF_ITEM = 100_000;

    private static final Logger log = LoggerFactory.getLogger(Batches.class);

    private final PublishItems items;
    private final RegistryContract registry;
    private final Outbox outbox;
    private final ChainClient chain;

    Batches(PublishItems items, RegistryContract registry, Outbox outbox, ChainClient chain) {
        this.items = items;
        this.registry = registry;
        this.outbox = outbox;
        this.chain = chain;
    }

    /** A transaction that was sent, and what is in it. */
    record Going(OutboxEntry entry, List<PublishItem> items) {}

    /**
     * Stores a batch's transaction and sends it. One that would fail is not sent: its items go back to the lane, the bad ones
     * to go alone; a single one that would fail ends there.
     *
     * @return the transaction, when there is one
     */
    Optional<Going> send(String lane, String purpose, List<PublishItem> batch) {
        List<PublishItem> going = batch;
        try {
            TxRequest request = request(lane, purpose, going);
            if (going.size() > 1) {
                long gas = GAS_OF_BATCH + GAS_OF_ITEM * going.size();
                if (gas <= GAS_PER_BATCH && chain.succeeds(lane, registry.address(), request.calldata(), gas)) {
                    request = request.within(gas);
                } else if (tooMuch(lane, request)) {
                    items.release(purpose, going.subList(going.size() / 2, going.size()));
                    going = going.subList(0, going.size() / 2);
                    request = request(lane, purpose, going);
                }
            }
            return Optional.of(new Going(outbox.submit(request), going));
        } catch (RevertedException | TxExpiredException refused) {
            takeApart(lane, purpose, going, refused);
            return Optional.empty();
        }
    }

    private void takeApart(String lane, String purpose, List<PublishItem> batch, RuntimeException refused) {
        if (batch.size() == 1) {
            items.end(purpose, State.FAILED, refused.getMessage());
            return;
        }
        List<PublishItem> bad =
                batch.stream().filter(item -> refuses(lane, item)).toList();
        log.info("{} would fail because of {} of its items; these go on alone", purpose, bad.size());
        items.separate(purpose, bad.isEmpty() ? batch : bad);
        items.release(purpose, batch);
    }

    private boolean tooMuch(String lane, TxRequest request) {
        return chain.estimateGas(lane, registry.address(), request.calldata(), BigInteger.ZERO, request.purpose())
                > GAS_PER_BATCH;
    }

    private boolean refuses(String lane, PublishItem item) {
        if (item.notAfter() <= registry.chainTime()) {
            return true;
        }
        try {
            chain.preflight(
                    lane,
                    registry.address(),
                    registry.publishMany(List.of(item)),
                    BigInteger.ZERO,
                    Registrar.purpose(item.deltaId()));
            return false;
        } catch (RevertedException refused) {
            return true;
        }
    }

    private TxRequest request(String lane, String purpose, List<PublishItem> batch) {
        String calldata = batch.size() == 1 ? registry.publishBySig(batch.getFirst()) : registry.publishMany(batch);
        long soonest = batch.stream().mapToLong(PublishItem::notAfter).min().orElseThrow();
        return TxRequest.call(purpose, registry.address(), calldata)
                .from(new Sender.Account(lane))
                .until(soonest);
    }

    /**
     * Notes what became of a batch whose transaction is final.
     *
     * @return where its items stand now; those that wait go on alone
     */
    State settle(String purpose, List<PublishItem> batch, OutboxEntry entry) {
        if (entry.state() == TxState.CONFIRMED) {
            items.end(purpose, State.DONE, null);
            return State.DONE;
        }
        if (batch.size() == 1) {
            // Somebody else may have carried the same signed publication there.
            boolean there = registry.record(batch.getFirst().deltaId()).isPresent();
            State end = there ? State.DONE : State.FAILED;
            items.end(purpose, end, entry.failure());
            return end;
        }
        log.warn("{} failed ({}); its items go on alone", purpose, entry.failure());
        items.separate(purpose, batch);
        return State.WAITING;
    }
}
