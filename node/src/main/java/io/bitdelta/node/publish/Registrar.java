package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.chain.TxExpiredException;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.chain.TxRequest.Sender;
import io.bitdelta.node.chain.TxState;
import io.bitdelta.node.fault.FaultPoint;
import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.publish.PublishItem.State;
import io.bitdelta.node.store.Database;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts signed publications on the chain. Anybody may carry a signed one there ({@code publishBySig}), so it takes the
 * account with the shortest queue. Where the identity has made one of the node's accounts its delegate, it goes into that
 * account's lane: while one of a lane's transactions is under way the next publications gather, and go together in one
 * {@code publishMany}, at a third of the gas.
 *
 * <p>A batch is tried out before it is sent; one that would revert, or has, is taken apart, and each of its items goes on
 * by itself. So an item's fate is its own.
 */
final class Registrar {
    /** Most items of a transaction. */
    static final int MOST = 100;

    /** Well under the gas that one transaction may use (EIP-7825), with room for the outbox's margin. */
    private static final long GAS_PER_BATCH = 13_000_000;

    private static final int FEW = 8;

    private static final Logger log = LoggerFactory.getLogger(Registrar.class);

    private final PublishItems items;
    private final RegistryContract registry;
    private final Outbox outbox;
    private final ChainClient chain;
    private final Duration pollEvery;
    private final Faults faults;
    private final ConcurrentMap<Bytes32, Thread> waiting = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, ReentrantLock> lanes = new ConcurrentHashMap<>();

    Registrar(
            Database database,
            RegistryContract registry,
            Outbox outbox,
            ChainClient chain,
            Duration pollEvery,
            Faults faults) {
        this.items = new PublishItems(database);
        this.registry = registry;
        this.outbox = outbox;
        this.chain = chain;
        this.pollEvery = pollEvery;
        this.faults = faults;
    }

    /** A transaction, and how many publications it holds. */
    record Registration(OutboxEntry transaction, int together) {}

    private static String purpose(Bytes32 deltaId) {
        return "publish " + deltaId;
    }

    /** Whether the delta is on its way, or there. */
    boolean knows(Bytes32 deltaId) {
        boolean direct = outbox.find(purpose(deltaId))
                .map(OutboxEntry::state)
                .filter(state -> state != TxState.FAILED && state != TxState.EXPIRED)
                .isPresent();
        return direct
                || items.find(deltaId)
                        .filter(item -> item.state() != State.FAILED)
                        .isPresent()
                || registry.record(deltaId).isPresent();
    }

    /**
     * Publishes, and waits until it is final.
     *
     * @param sent told of the transaction as soon as there is one
     * @return the transaction that published it, with how many others
     */
    Registration register(Attested attested, Consumer<OutboxEntry> sent) {
        Bytes32 deltaId = attested.prepared().deltaId();
        Optional<PublishItem> item = items.find(deltaId).filter(known -> known.state() != State.FAILED);
        if (item.isPresent()) {
            return queued(attested, item.get().lane(), sent);
        }
        if (outbox.find(purpose(deltaId)).isPresent()) {
            return direct(attested, sent);
        }
        Optional<String> lane = lane(attested.prepared().delta().identity());
        return lane.isPresent() ? queued(attested, lane.get(), sent) : direct(attested, sent);
    }

    private Registration direct(Attested attested, Consumer<OutboxEntry> sent) {
        TxRequest request = TxRequest.call(
                        purpose(attested.prepared().deltaId()),
                        registry.address(),
                        registry.publishBySig(attested.prepared().delta(), attested.bundle()))
                .from(new Sender.Any())
                .until(attested.notAfter());
        OutboxEntry entry = outbox.submit(request);
        sent.accept(entry);
        return new Registration(outbox.awaitFinal(entry), 1);
    }

    /** The account of the node that may publish for an identity. */
    private Optional<String> lane(EvmAddress identity) {
        return outbox.signers().stream()
                .sorted()
                .filter(signer -> registry.mayPublish(identity, signer))
                .findFirst();
    }

    private Registration queued(Attested attested, String lane, Consumer<OutboxEntry> sent) {
        Bytes32 deltaId = attested.prepared().deltaId();
        items.add(new PublishItem(
                attested.prepared().delta(),
                attested.bundle().publish().prev(),
                attested.bundle().digest(),
                attested.bundle().publish().deadline(),
                HexText.of(attested.bundle().signature().bytes()),
                lane,
                attested.notAfter(),
                State.WAITING,
                false,
                null,
                null));
        faults.reach(FaultPoint.PUBLISH_QUEUED);
        waiting.put(deltaId, Thread.currentThread());
        try {
            return await(deltaId, lane, sent);
        } finally {
            waiting.remove(deltaId, Thread.currentThread());
        }
    }

    private Registration await(Bytes32 deltaId, String lane, Consumer<OutboxEntry> sent) {
        String told = "";
        while (true) {
            look(lane);
            PublishItem item = items.find(deltaId).orElseThrow();
            String purpose = item.purpose();
            Optional<OutboxEntry> entry = purpose == null ? Optional.empty() : outbox.find(purpose);
            if (entry.isPresent() && !told.equals(purpose)) {
                told = String.valueOf(purpose);
                sent.accept(entry.get());
            }
            switch (item.state()) {
                case DONE -> {
                    return new Registration(entry.orElseThrow(), items.together(String.valueOf(purpose)));
                }
                case FAILED -> throw refusal(item);
                case WAITING, SENT -> pause();
            }
        }
    }

    private RuntimeException refusal(PublishItem item) {
        String reason = String.valueOf(item.failure());
        return item.notAfter() <= registry.chainTime()
                ? new PublicationExpiredException(item.delta().deltaId(), item.notAfter())
                : new RevertedException(purpose(item.delta().deltaId()), "", reason, null);
    }

    private void pause() {
        // Many who wait look less often each: together they ask the database no more than a few would. Whoever settles
        // an
        // item wakes its thread.
        LockSupport.parkNanos(this, pollEvery.toNanos() * (1 + waiting.size() / FEW));
        if (Thread.currentThread().isInterrupted()) {
            throw new ChainException("interrupted while waiting for a publication");
        }
    }

    /** Settles what the lane has sent and sends what has gathered; one thread of a node at a time. */
    void look(String lane) {
        ReentrantLock lock = lanes.computeIfAbsent(lane, name -> new ReentrantLock());
        if (!lock.tryLock()) {
            return;
        }
        try {
            items.sent(lane).forEach(purpose -> carry(lane, purpose));
            items.claim(lane, MOST).ifPresent(purpose -> {
                faults.reach(FaultPoint.BATCH_CLAIMED);
                carry(lane, purpose);
            });
        } finally {
            lock.unlock();
        }
    }

    /** Sends a batch if a crash came between, and settles its items when its transaction is final. */
    private void carry(String lane, String purpose) {
        List<PublishItem> batch = items.of(purpose);
        Optional<OutboxEntry> known = outbox.find(purpose);
        if (known.isEmpty()) {
            send(lane, purpose, batch);
            return;
        }
        OutboxEntry entry = outbox.look(known.get());
        if (entry.state().isFinal()) {
            faults.reach(FaultPoint.BATCH_FINAL);
            settle(batch, entry);
        }
    }

    private void send(String lane, String purpose, List<PublishItem> batch) {
        try {
            if (batch.size() > 1 && tooMuch(lane, purpose, batch)) {
                items.release(purpose, batch.subList(batch.size() / 2, batch.size()));
                batch = batch.subList(0, batch.size() / 2);
            }
            outbox.submit(request(lane, purpose, batch));
        } catch (RevertedException | TxExpiredException refused) {
            if (batch.size() == 1) {
                end(batch, State.FAILED, refused.getMessage());
                return;
            }
            List<PublishItem> bad =
                    batch.stream().filter(item -> refuses(lane, item)).toList();
            log.info("{} would fail because of {} of its items; these go on alone", purpose, bad.size());
            items.separate(purpose, bad.isEmpty() ? batch : bad);
            items.release(purpose, batch);
        }
    }

    private boolean tooMuch(String lane, String purpose, List<PublishItem> batch) {
        return chain.estimateGas(lane, registry.address(), registry.publishMany(batch), BigInteger.ZERO, purpose)
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
                    purpose(item.delta().deltaId()));
            return false;
        } catch (RevertedException refused) {
            return true;
        }
    }

    private TxRequest request(String lane, String purpose, List<PublishItem> batch) {
        if (batch.size() == 1) {
            PublishItem item = batch.getFirst();
            return TxRequest.call(purpose, registry.address(), registry.publishBySig(item))
                    .from(new Sender.Account(lane))
                    .until(item.notAfter());
        }
        long soonest = batch.stream().mapToLong(PublishItem::notAfter).min().orElseThrow();
        return TxRequest.call(purpose, registry.address(), registry.publishMany(batch))
                .from(new Sender.Account(lane))
                .until(soonest);
    }

    private void settle(List<PublishItem> batch, OutboxEntry entry) {
        if (entry.state() == TxState.CONFIRMED) {
            end(batch, State.DONE, null);
            return;
        }
        if (batch.size() == 1) {
            PublishItem item = batch.getFirst();
            // Somebody else may have carried the same signed publication there.
            boolean there = registry.record(item.delta().deltaId()).isPresent();
            end(batch, there ? State.DONE : State.FAILED, entry.failure());
            return;
        }
        log.warn("{} failed ({}); its items go on alone", entry.purpose(), entry.failure());
        items.separate(entry.purpose(), batch);
    }

    private void end(List<PublishItem> batch, State state, @Nullable String failure) {
        items.end(batch, state, failure);
        batch.forEach(item -> LockSupport.unpark(waiting.get(item.delta().deltaId())));
    }
}
