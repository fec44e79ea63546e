package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.chain.TxRequest.Sender;
import io.bitdelta.node.chain.TxState;
import io.bitdelta.node.fault.FaultPoint;
import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.publish.PublishItem.State;
import io.bitdelta.node.store.Database;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Puts signed publications on the chain. Anybody may carry a signed one there ({@code publishBySig}), so it takes the
 * account with the shortest queue. Where the identity has made one of the node's accounts its delegate, it goes into that
 * account's lane: until the lane's last transaction is in a block the next publications gather, and go together in one
 * {@code publishMany}, at a third of the gas.
 *
 * <p>A batch is tried out before it is sent; one that would revert, or has, is taken apart, and each of its items goes on
 * by itself. So an item's fate is its own.
 */
final class Registrar {
    private final PublishItems items;
    private final Intake intake;
    private final Batches batches;
    private final RegistryContract registry;
    private final Outbox outbox;
    private final Duration pollEvery;
    private final Executor threads;
    private final Faults faults;
    private final ConcurrentMap<String, Lane> lanes = new ConcurrentHashMap<>();

    Registrar(
            Database database,
            RegistryContract registry,
            Outbox outbox,
            ChainClient chain,
            Duration pollEvery,
            Executor threads,
            Faults faults) {
        this.items = new PublishItems(database);
        this.intake = new Intake(items, registry, outbox);
        this.batches = new Batches(items, registry, outbox, chain);
        this.registry = registry;
        this.outbox = outbox;
        this.pollEvery = pollEvery;
        this.threads = threads;
        this.faults = faults;
    }

    /** A transaction, and how many publications it holds. */
    record Registration(OutboxEntry transaction, int together) {}

    /** The outbox's key of a publication that goes by itself. */
    static String purpose(Bytes32 deltaId) {
        return "publish " + deltaId;
    }

    /** Whether the delta is on its way, or there. */
    boolean knows(Bytes32 deltaId) {
        boolean direct = outbox.find(purpose(deltaId))
                .map(OutboxEntry::state)
                .filter(state -> state != TxState.FAILED && state != TxState.EXPIRED)
                .isPresent();
        return direct
                || items.among(List.of(deltaId)).stream().anyMatch(item -> item.state() != State.FAILED)
                || registry.record(deltaId).isPresent();
    }

    /**
     * Publishes, and waits until it is final.
     *
     * @param sent told of the transaction as soon as there is one
     * @return the transaction that published it, with how many others
     */
    Registration register(Attested attested, Consumer<OutboxEntry> sent) {
        Optional<String> lane = intake.lane(attested);
        return lane.isPresent() ? queued(attested.prepared().deltaId(), lane.get(), sent) : direct(attested, sent);
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

    private Registration queued(Bytes32 deltaId, String account, Consumer<OutboxEntry> sent) {
        faults.reach(FaultPoint.PUBLISH_QUEUED);
        Lane lane = lanes.computeIfAbsent(
                account, name -> new Lane(name, items, batches, outbox, intake::busy, pollEvery, threads, faults));
        Lane.Ended ended = lane.await(deltaId, sent);
        if (ended.item().state() == State.FAILED) {
            throw refusal(ended.item());
        }
        return new Registration(Objects.requireNonNull(ended.entry()), ended.together());
    }

    private RuntimeException refusal(PublishItem item) {
        String reason = String.valueOf(item.failure());
        return item.notAfter() <= registry.chainTime()
                ? new PublicationExpiredException(item.deltaId(), item.notAfter())
                : new RevertedException(purpose(item.deltaId()), "", reason, null);
    }
}
