package io.bitdelta.ipfs.gateway;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.HashMismatchException;
import io.bitdelta.ipfs.cid.Cid;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks behind a list of gateways. The fastest known one is asked first; when it is slow, the next is asked too and the
 * first verified answer wins. A gateway that gave wrong bytes once is not asked again.
 */
final class GatewayBlocks implements BlockSource {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayBlocks.class);
    private static final long FAILURE_PENALTY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final List<URI> gateways;
    private final BlockFetch fetch;
    private final Duration hedge;
    private final Map<URI, AtomicLong> nanos = new ConcurrentHashMap<>();
    private final Set<URI> liars = ConcurrentHashMap.newKeySet();

    /** {@code hedge}: how long one gateway may take before the next is asked too. */
    GatewayBlocks(List<URI> gateways, BlockFetch fetch, Duration hedge) {
        this.gateways = gateways;
        this.fetch = fetch;
        this.hedge = hedge;
        gateways.forEach(gateway -> nanos.put(gateway, new AtomicLong()));
    }

    private record Answer(
            URI gateway, Optional<Block> block, @Nullable IOException failure) {}

    @Override
    public Optional<Block> get(Cid cid) throws IOException {
        if (cid.isIdentity()) {
            return Optional.of(new Block(cid, cid.digest()));
        }
        ArrayDeque<URI> candidates = new ArrayDeque<>(ranked());
        List<String> reasons = new ArrayList<>();
        liars.forEach(liar -> reasons.add(liar + " lies"));
        boolean missingEverywhere = reasons.isEmpty();
        BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        List<Future<?>> running = new ArrayList<>();
        try {
            int open = 0;
            while (open > 0 || !candidates.isEmpty()) {
                if (!candidates.isEmpty()) {
                    running.add(ask(candidates.remove(), cid, answers));
                    open++;
                }
                Answer answer = await(answers, candidates.isEmpty());
                if (answer == null) {
                    continue;
                }
                open--;
                if (answer.block.isPresent()) {
                    return answer.block;
                }
                missingEverywhere &= answer.failure == null;
                reasons.add(reason(answer));
            }
        } finally {
            running.forEach(each -> each.cancel(true));
        }
        if (missingEverywhere) {
            return Optional.empty();
        }
        throw new GatewayException(cid, reasons);
    }

    private List<URI> ranked() {
        return gateways.stream()
                .filter(gateway -> !liars.contains(gateway))
                .sorted(Comparator.comparingLong(gateway -> taken(gateway).get()))
                .toList();
    }

    private AtomicLong taken(URI gateway) {
        return nanos.computeIfAbsent(gateway, each -> new AtomicLong());
    }

    private Future<?> ask(URI gateway, Cid cid, BlockingQueue<Answer> answers) {
        return fetch.executor().submit(() -> {
            long start = System.nanoTime();
            try {
                Optional<Block> block = fetch.fetch(gateway, cid);
                // An average that forgets: three quarters of the past and one of the present.
                taken(gateway).updateAndGet(past -> past / 4 * 3 + (System.nanoTime() - start) / 4);
                answers.add(new Answer(gateway, block, null));
            } catch (HashMismatchException e) {
                LOG.warn("gateway {} lies and is not asked again: {}", gateway, e.getMessage());
                liars.add(gateway);
                answers.add(new Answer(gateway, Optional.empty(), e));
            } catch (IOException e) {
                taken(gateway).addAndGet(FAILURE_PENALTY_NANOS);
                answers.add(new Answer(gateway, Optional.empty(), e));
            }
        });
    }

    private @Nullable Answer await(BlockingQueue<Answer> answers, boolean last) throws IOException {
        try {
            return last ? answers.take() : answers.poll(hedge.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while fetching");
        }
    }

    private static String reason(Answer answer) {
        return switch (answer.failure) {
            case null -> answer.gateway + " does not have it";
            case HashMismatchException e -> answer.gateway + " lies: " + e.getMessage();
            case IOException e ->
                answer.gateway + " failed: "
                        + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        };
    }

    @Override
    public boolean has(Cid cid) throws IOException {
        return get(cid).isPresent();
    }

    @Override
    public String name() {
        return gateways.toString();
    }
}
