package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.publish.PublishItem.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Chooses the lanes of publications and stores them there. Those that arrive while others are looked at are looked at
 * together: a question to the chain and a commit cost the same for one and for many.
 */
final class Intake {
    private final PublishItems items;
    private final RegistryContract registry;
    private final Outbox outbox;
    private final Queue<Arrival> arriving = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final ReentrantLock deciding = new ReentrantLock();

    private record Arrival(Attested attested, Bytes32 deltaId, CompletableFuture<Optional<String>> lane) {}

    Intake(PublishItems items, RegistryContract registry, Outbox outbox) {
        this.items = items;
        this.registry = registry;
        this.outbox = outbox;
    }

    /** Whether publications are on their way into a lane. */
    boolean busy() {
        return inside.get() > 0;
    }

    /**
     * Puts a publication into a lane, durably, when there is one for it.
     *
     * @return the lane; empty for a publication that goes by itself
     */
    Optional<String> lane(Attested attested) {
        Arrival arrival = new Arrival(attested, attested.prepared().deltaId(), new CompletableFuture<>());
        inside.incrementAndGet();
        try {
            arriving.add(arrival);
            deciding.lock();
            try {
                if (!arrival.lane().isDone()) {
                    decide();
                }
            } finally {
                deciding.unlock();
            }
            return arrival.lane().join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw failed;
        } finally {
            inside.decrementAndGet();
        }
    }

    private void decide() {
        List<Arrival> all = new ArrayList<>();
        for (Arrival next = arriving.poll(); next != null; next = arriving.poll()) {
            all.add(next);
        }
        try {
            Map<Bytes32, String> lanes = lanes(all);
            all.forEach(each -> each.lane().complete(Optional.ofNullable(lanes.get(each.deltaId()))));
        } catch (RuntimeException failed) {
            all.forEach(each -> each.lane().completeExceptionally(failed));
        }
    }

    private Map<Bytes32, String> lanes(List<Arrival> all) {
        Map<Bytes32, String> lanes = new HashMap<>();
        items.among(all.stream().map(Arrival::deltaId).toList()).stream()
                .filter(known -> known.state() != State.FAILED)
                .forEach(known -> lanes.put(known.deltaId(), known.lane()));
        Set<String> alone = outbox.find(all.stream()
                        .map(Arrival::deltaId)
                        .filter(deltaId -> !lanes.containsKey(deltaId))
                        .map(Registrar::purpose)
                        .toList())
                .keySet();
        List<Arrival> fresh = all.stream()
                .filter(each ->
                        !lanes.containsKey(each.deltaId()) && !alone.contains(Registrar.purpose(each.deltaId())))
                .toList();
        for (String account : outbox.signers().stream().sorted().toList()) {
            List<Arrival> homeless = fresh.stream()
                    .filter(each -> !lanes.containsKey(each.deltaId()))
                    .toList();
            lanes.putAll(delegated(homeless, account));
        }
        items.add(fresh.stream()
                .filter(each -> lanes.containsKey(each.deltaId()))
                .map(each -> PublishItem.of(each.attested(), String.valueOf(lanes.get(each.deltaId()))))
                .toList());
        return lanes;
    }

    /** Those whose identity has made the account its delegate. */
    private Map<Bytes32, String> delegated(List<Arrival> arrivals, String account) {
        List<EvmAddress> identities = arrivals.stream()
                .map(each -> each.attested().prepared().delta().identity())
                .distinct()
                .toList();
        List<Boolean> may = registry.mayPublish(identities, account);
        Set<EvmAddress> delegating = identities.stream()
                .filter(identity -> may.get(identities.indexOf(identity)))
                .collect(Collectors.toSet());
        return arrivals.stream()
                .filter(each ->
                        delegating.contains(each.attested().prepared().delta().identity()))
                .collect(Collectors.toMap(Arrival::deltaId, each -> account, (one, same) -> one));
    }
}
