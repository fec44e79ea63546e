package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.fault.FaultPoint;
import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.publish.PublishItem.State;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One account's way to the chain. While somebody waits here, one thread sends what has gathered as soon as what went before
 * is in a block, and another settles what is final; those who wait are told. What is stored decides, so that nodes on one
 * database may work on the same lane.
 */
final class Lane {
    /** Transactions that are in a block, but not final. */
    private static final int UNDER_WAY = 16;

    /** What is final may wait for what is being sent: one look, and one write of an embedded chain's state, serve both. */
    private static final long SETTLE_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How often those who wait are looked for among what other nodes have settled. */
    private static final long LOOK_AROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final String account;
    private final PublishItems items;
    private final Batches batches;
    private final Outbox outbox;
    private final BooleanSupplier moreIsComing;
    private final long pollNanos;
    private final Executor threads;
    private final Faults faults;
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();

    /** Batches whose transactions are not settled, by purpose; as in the database. */
    private final Map<String, List<PublishItem>> underWay = new ConcurrentHashMap<>();

    private final Loop sending = new Loop(this::send);
    private final Loop settling = new Loop(this::settle);

    /** Of the settling loop alone. */
    private long settledAt = System.nanoTime();

    private long lookedAroundAt = System.nanoTime() - LOOK_AROUND_NANOS;

    /**
     * @param account lowercase 0x-hex
     * @param moreIsComing whether publications are about to be stored in some lane
     */
    Lane(
            String account,
            PublishItems items,
            Batches batches,
            Outbox outbox,
            BooleanSupplier moreIsComing,
            Duration pollEvery,
            Executor threads,
            Faults faults) {
        this.account = account;
        this.items = items;
        this.batches = batches;
        this.outbox = outbox;
        this.moreIsComing = moreIsComing;
        this.pollNanos = pollEvery.toNanos();
        this.threads = threads;
        this.faults = faults;
    }

    /**
     * How an item ended.
     *
     * @param item with its last state
     * @param entry its transaction; null for one that was never sent
     * @param together items of that transaction
     */
    record Ended(PublishItem item, @Nullable OutboxEntry entry, int together) {}

    /** What one who waits is told. */
    private sealed interface News {
        /** It is in a transaction. */
        record Sent(OutboxEntry entry) implements News {}

        /** It is over. */
        record Over(Ended how) implements News {}

        /** Nobody works on it any more. */
        record Broken(Throwable cause) implements News {}
    }

    private static final class Waiter {
        private final Bytes32 deltaId;
        private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
        private final Set<String> told = ConcurrentHashMap.newKeySet();

        Waiter(Bytes32 deltaId) {
            this.deltaId = deltaId;
        }

        void sent(OutboxEntry entry) {
            if (told.add(entry.purpose())) {
                news.add(new News.Sent(entry));
            }
        }
    }

    /**
     * Waits until an item that is stored in this lane is over.
     *
     * @param sent told of each transaction that it is in
     * @throws ChainException when the chain cannot be reached; the item stays
     */
    Ended await(Bytes32 deltaId, Consumer<OutboxEntry> sent) {
        Waiter waiter = new Waiter(deltaId);
        waiters.add(waiter);
        try {
            sending.wake();
            settling.wake();
            while (true) {
                News news = waiter.news.take();
                switch (news) {
                    case News.Sent there -> sent.accept(there.entry());
                    case News.Over over -> {
                        return over.how();
                    }
                    case News.Broken broken -> throw again(broken.cause());
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ChainException("interrupted while waiting for a publication", interrupted);
        } finally {
            waiters.remove(waiter);
        }
    }

    private static RuntimeException again(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return (RuntimeException) cause;
    }

    /** Sends a batch that a crash left unsent, or the next one. */
    private boolean send() {
        List<String> sent = items.sent(account);
        Map<String, OutboxEntry> known = outbox.find(sent);
        for (String purpose : sent) {
            if (!known.containsKey(purpose)) {
                send(new PublishItems.Batch(purpose, items.of(purpose)));
                return true;
            }
        }
        if (sent.size() >= UNDER_WAY || !allMined(known.values()) || !items.waits(account)) {
            return false;
        }
        Optional<PublishItems.Batch> next = items.claim(account, Batches.MOST, sent);
        if (next.isEmpty()) {
            return false;
        }
        faults.reach(FaultPoint.BATCH_CLAIMED);
        send(next.get());
        return true;
    }

    /** Of one account's transactions, those with lower nonces are mined before. */
    private boolean allMined(Collection<OutboxEntry> sent) {
        Optional<OutboxEntry> last = sent.stream().max(Comparator.comparingLong(OutboxEntry::nonce));
        return sent.stream().noneMatch(entry -> entry.nonce() < 0)
                && last.map(outbox::mined).orElse(true);
    }

    private void send(PublishItems.Batch batch) {
        Optional<Batches.Going> going = batches.send(account, batch.purpose(), batch.items());
        if (going.isPresent()) {
            underWay.put(batch.purpose(), going.get().items());
            tellSent(going.get().items(), going.get().entry());
        } else {
            lookAround(batch.items().stream().map(PublishItem::deltaId).toList());
        }
    }

    /** Settles what is final. */
    private boolean settle() {
        long now = System.nanoTime();
        if (now - lookedAroundAt > LOOK_AROUND_NANOS) {
            lookedAroundAt = now;
            lookAround(waiters.stream().map(waiter -> waiter.deltaId).toList());
        }
        if (now - settledAt < SETTLE_WITHIN_NANOS && (moreIsComing.getAsBoolean() || sending.isBusy())) {
            return false;
        }
        settledAt = now;
        boolean any = false;
        List<String> sent = items.sent(account);
        underWay.keySet().retainAll(sent);
        for (OutboxEntry known : outbox.find(sent).values().stream()
                .sorted(Comparator.comparingLong(OutboxEntry::nonce))
                .toList()) {
            List<PublishItem> batch = underWay.computeIfAbsent(known.purpose(), items::of);
            tellSent(batch, known);
            OutboxEntry entry = outbox.look(known);
            if (entry.state().isFinal()) {
                faults.reach(FaultPoint.BATCH_FINAL);
                State end = batches.settle(entry.purpose(), batch, entry);
                underWay.remove(entry.purpose());
                tellEnd(batch, entry, end);
                any = true;
            }
        }
        return any;
    }

    private void tellSent(List<PublishItem> batch, OutboxEntry entry) {
        Set<Bytes32> those = batch.stream().map(PublishItem::deltaId).collect(Collectors.toSet());
        waiters.stream().filter(waiter -> those.contains(waiter.deltaId)).forEach(waiter -> waiter.sent(entry));
    }

    private void tellEnd(List<PublishItem> batch, OutboxEntry entry, State end) {
        if (end == State.DONE) {
            Map<Bytes32, PublishItem> those =
                    batch.stream().collect(Collectors.toMap(PublishItem::deltaId, item -> item.done(entry.purpose())));
            waiters.forEach(waiter -> {
                PublishItem item = those.get(waiter.deltaId);
                if (item != null) {
                    waiter.news.add(new News.Over(new Ended(item, entry, batch.size())));
                }
            });
        } else if (end == State.FAILED) {
            lookAround(batch.stream().map(PublishItem::deltaId).toList());
        }
    }

    /** Tells those whose items are over, whoever has settled them. */
    private void lookAround(Collection<Bytes32> deltaIds) {
        Map<Bytes32, PublishItem> over = items.among(deltaIds).stream()
                .filter(item -> item.state() == State.DONE || item.state() == State.FAILED)
                .collect(Collectors.toMap(PublishItem::deltaId, item -> item));
        Map<String, List<PublishItem>> byPurpose =
                over.values().stream().collect(Collectors.groupingBy(item -> String.valueOf(item.purpose())));
        Map<String, OutboxEntry> entries = outbox.find(byPurpose.keySet());
        byPurpose.forEach((purpose, batch) -> {
            OutboxEntry entry = entries.get(purpose);
            int together = items.together(purpose);
            for (Waiter waiter : waiters) {
                PublishItem item = over.get(waiter.deltaId);
                if (item != null && purpose.equals(item.purpose())) {
                    if (entry != null) {
                        waiter.sent(entry);
                    }
                    waiter.news.add(new News.Over(new Ended(item, entry, together)));
                }
            }
        });
    }

    /** Something that is done again and again while somebody waits, by one thread. */
    private final class Loop implements Runnable {
        private final BooleanSupplier once;
        private boolean running;
        private @Nullable Thread thread;
        private volatile boolean busy;

        /** @param once returns whether it did something, so that it should be done again at once */
        Loop(BooleanSupplier once) {
            this.once = once;
        }

        boolean isBusy() {
            return busy;
        }

        /** Makes sure that somebody looks after what was stored before this call. */
        synchronized void wake() {
            LockSupport.unpark(thread);
            if (!running) {
                threads.execute(this);
                running = true;
            }
        }

        private synchronized boolean goesOn() {
            thread = Thread.currentThread();
            running = !waiters.isEmpty();
            return running;
        }

        private synchronized void end(Throwable cause) {
            running = false;
            waiters.forEach(waiter -> waiter.news.add(new News.Broken(cause)));
        }

        @Override
        public void run() {
            try {
                long pause = SHORTEST_PAUSE_NANOS;
                while (goesOn()) {
                    busy = true;
                    if (once.getAsBoolean()) {
                        pause = SHORTEST_PAUSE_NANOS;
                    } else {
                        busy = false;
                        LockSupport.parkNanos(this, pause);
                        pause = Math.min(2 * pause, pollNanos);
                    }
                }
            } catch (RuntimeException | Error failed) {
                end(failed);
            } finally {
                busy = false;
            }
        }
    }
}
