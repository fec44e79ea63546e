package io.bitdelta.node.chain.endpoint;

import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.protocol.Service;

/**
 * One chain behind several endpoints. Requests go to the first good one in the configured order, and to the next when it
 * does not answer.
 *
 * <p>{@link #check} compares them: chain id, head, the block hash some way below the lowest head, and the logs of the blocks
 * before it. What most of them say is taken as true; when there is no majority, who agrees with what was agreed on before.
 */
public final class EndpointPool implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EndpointPool.class);

    private final List<Endpoint> endpoints;
    private volatile PoolRules rules;
    private final LongSupplier nanoTime;
    private final ReentrantLock checking = new ReentrantLock();
    private final ChainClient client;
    private @Nullable ScheduledExecutorService timer;
    private @Nullable ScheduledFuture<?> ticks;
    private long chainId;
    private volatile long checkedAtNanos;
    private volatile boolean checked;
    private volatile String dispute = "";
    private @Nullable Agreed agreed;

    /** A block that endpoints agreed on. */
    private record Agreed(long number, String hash) {}

    /** What carries the client's requests. */
    private final class Carrier extends Service {
        Carrier() {
            super(false);
        }

        @Override
        protected InputStream performIO(String payload) throws IOException {
            return exchange(payload);
        }

        @Override
        public void close() {}
    }

    /**
     * @param urls HTTP addresses in order of preference, at least one
     * @param nanoTime a clock that never goes back, e.g. {@code System::nanoTime}
     */
    public EndpointPool(List<String> urls, PoolRules rules, LongSupplier nanoTime) {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("a chain needs at least one endpoint");
        }
        this.endpoints = urls.stream().map(Endpoint::new).toList();
        this.rules = rules;
        this.nanoTime = nanoTime;
        this.chainId = rules.chainId();
        this.client = new ChainClient(
                urls.getFirst(),
                endpoints.stream().map(Endpoint::name).collect(Collectors.joining(", ")),
                new Carrier(),
                this::requireAgreement);
    }

    /** The chain, through whichever endpoint is good. */
    public ChainClient client() {
        return client;
    }

    /** Compares the logs of these contracts too, from the next check on. */
    public void compareLogsOf(List<String> contracts) {
        rules = rules.withContracts(contracts);
    }

    /** Checks now and from now on, until the pool is closed. */
    public synchronized void start() {
        check();
        if (timer == null && endpoints.size() > 1) {
            timer = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("chain-endpoints").factory());
            long pause = rules.checkEvery().toNanos();
            ticks = timer.scheduleWithFixedDelay(this::check, pause, pause, TimeUnit.NANOSECONDS);
        }
    }

    /** What is thought of each endpoint, in the configured order. */
    public List<EndpointState> states() {
        Endpoint chosen = candidates().stream().findFirst().orElse(null);
        return endpoints.stream()
                .map(endpoint -> endpoint.state(endpoint == chosen))
                .toList();
    }

    /**
     * Throws while endpoints disagree. The check that this rests on is at most {@link PoolRules#checkEvery} old.
     *
     * @throws ChainException naming who says what
     */
    public void requireAgreement() {
        if (endpoints.size() == 1) {
            return;
        }
        if (!checked
                || nanoTime.getAsLong() - checkedAtNanos > rules.checkEvery().toNanos()) {
            check();
        }
        if (!dispute.isEmpty()) {
            throw new ChainException(dispute + "; nothing is signed until they agree");
        }
        if (endpoints.stream().noneMatch(endpoint -> endpoint.health() == Health.GOOD)) {
            throw new ChainException("none of the chain's endpoints is in order: " + summary());
        }
    }

    private String summary() {
        return endpoints.stream()
                .map(endpoint -> "%s %s (%s)".formatted(endpoint.name(), endpoint.health(), endpoint.reason()))
                .collect(Collectors.joining(", "));
    }

    // ---------------------------------------------------------------- requests

    private InputStream exchange(String payload) throws IOException {
        List<Endpoint> order = candidates();
        if (order.isEmpty()) {
            throw new IOException("no endpoint can be used: " + summary());
        }
        IOException last = null;
        for (Endpoint endpoint : order) {
            try {
                return endpoint.exchange(payload);
            } catch (IOException failed) {
                last = failed;
                if (endpoints.size() > 1) {
                    endpoint.judge(Health.FAILING, String.valueOf(failed.getMessage()));
                }
            }
        }
        throw Objects.requireNonNull(last);
    }

    /** Best first; those that failed last are tried when there is nothing else. */
    private List<Endpoint> candidates() {
        return endpoints.stream()
                .filter(endpoint -> endpoint.health().usable())
                .sorted(Comparator.comparing(EndpointPool::rank))
                .toList();
    }

    private static int rank(Endpoint endpoint) {
        return switch (endpoint.health()) {
            case GOOD -> 0;
            case DISPUTED -> 1;
            case LAGGING -> 2;
            case FAILING -> 3;
            case WRONG_CHAIN, LYING -> 4;
        };
    }

    // ---------------------------------------------------------------- checks

    /** Asks every endpoint for the same things and judges them. Never throws: what fails is a judgement. */
    public void check() {
        if (endpoints.size() == 1 || !checking.tryLock()) {
            return;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Endpoint> answering = ask(threads, endpoints, Endpoint::readHead);
            List<Endpoint> here = rightChain(answering);
            List<Endpoint> telling = here.isEmpty() ? List.of() : sameHistory(threads, here);
            markLagging(telling);
        } catch (RuntimeException unexpected) {
            log.error("the chain's endpoints could not be compared", unexpected);
        } finally {
            checkedAtNanos = nanoTime.getAsLong();
            checked = true;
            checking.unlock();
        }
    }

    /** The endpoints that answered; the others are failing. */
    private static List<Endpoint> ask(ExecutorService threads, List<Endpoint> whom, Predicate<Endpoint> question) {
        Map<Endpoint, Future<Boolean>> answers = whom.stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        endpoint -> threads.submit((Callable<Boolean>) () -> question.test(endpoint))));
        return whom.stream()
                .filter(endpoint -> {
                    try {
                        return Objects.requireNonNull(answers.get(endpoint)).get();
                    } catch (ExecutionException failed) {
                        endpoint.judge(
                                Health.FAILING,
                                String.valueOf(Objects.requireNonNull(failed.getCause())
                                        .getMessage()));
                        return false;
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                        return false;
                    }
                })
                .toList();
    }

    private List<Endpoint> rightChain(List<Endpoint> answering) {
        if (chainId == 0 && !answering.isEmpty()) {
            chainId =
                    answering.stream()
                            .collect(Collectors.groupingBy(Endpoint::chainId, Collectors.counting()))
                            .entrySet()
                            .stream()
                            .max(Map.Entry.<Long, Long>comparingByValue()
                                    .thenComparing(entry -> entry.getKey()
                                            == answering.getFirst().chainId()))
                            .orElseThrow()
                            .getKey();
        }
        answering.stream()
                .filter(endpoint -> endpoint.chainId() != chainId)
                .forEach(endpoint -> endpoint.judge(
                        Health.WRONG_CHAIN, "is on chain %d, not %d".formatted(endpoint.chainId(), chainId)));
        return answering.stream()
                .filter(endpoint -> endpoint.chainId() == chainId)
                .toList();
    }

    /** Compares one old block and the logs before it; the endpoints that tell what is taken as true. */
    private List<Endpoint> sameHistory(ExecutorService threads, List<Endpoint> here) {
        long height = Math.max(0, here.stream().mapToLong(Endpoint::head).min().orElse(0) - rules.depth());
        Agreed before = agreed;
        List<Endpoint> telling = ask(
                threads,
                here,
                endpoint -> endpoint.readHistory(
                        height, rules, before != null && before.number() <= height ? before.number() : -1));
        if (telling.isEmpty()) {
            return List.of();
        }
        Map<String, List<Endpoint>> stories = telling.stream().collect(Collectors.groupingBy(Endpoint::story));
        List<Endpoint> biggest = stories.values().stream()
                .max(Comparator.<List<Endpoint>>comparingInt(List::size)
                        .thenComparingInt(group -> -telling.indexOf(group.getFirst())))
                .orElseThrow();
        boolean majority = biggest.size() * 2 > telling.size();
        List<Endpoint> believed = majority
                ? biggest
                : stories.values().stream()
                        .filter(group -> before != null && before.number() <= height)
                        .filter(group -> group.stream()
                                .allMatch(endpoint -> endpoint.remembers(
                                        Objects.requireNonNull(before).hash())))
                        .collect(Collectors.collectingAndThen(
                                Collectors.toList(), groups -> groups.size() == 1 ? groups.getFirst() : List.of()));
        if (believed.isEmpty()) {
            dispute = "the chain's endpoints disagree on block %d and the logs before it: %s"
                    .formatted(
                            height,
                            telling.stream()
                                    .map(endpoint -> endpoint.name() + " says " + endpoint.blockHash())
                                    .collect(Collectors.joining(", ")));
            telling.forEach(endpoint -> endpoint.judge(Health.DISPUTED, "disagrees with an equal number of others"));
            return List.of();
        }
        dispute = "";
        // One endpoint alone may tell anything; it is compared with what several agreed on.
        if (telling.size() == 1
                && before != null
                && before.number() <= height
                && !believed.getFirst().remembers(before.hash())) {
            dispute = "%s is the only endpoint that answers, and its block %d is not the one that was agreed on before"
                    .formatted(believed.getFirst().name(), before.number());
            believed.getFirst().judge(Health.DISPUTED, "changed a block that was agreed on");
            return List.of();
        }
        telling.stream()
                .filter(endpoint -> !believed.contains(endpoint))
                .forEach(endpoint -> endpoint.judge(
                        Health.LYING,
                        "says %s is block %d or has other logs before it; others say %s"
                                .formatted(
                                        endpoint.blockHash(),
                                        height,
                                        believed.getFirst().blockHash())));
        if (believed.size() > 1) {
            agreed = new Agreed(height, believed.getFirst().blockHash());
        }
        return believed;
    }

    private void markLagging(List<Endpoint> telling) {
        long best = telling.stream().mapToLong(Endpoint::head).max().orElse(0);
        for (Endpoint endpoint : telling) {
            long behind = best - endpoint.head();
            if (behind > rules.lagBlocks()) {
                endpoint.judge(Health.LAGGING, "is %d blocks behind".formatted(behind));
            } else {
                endpoint.passed(rules.goodAnswers());
            }
        }
    }

    @Override
    public synchronized void close() {
        if (ticks != null) {
            ticks.cancel(true);
        }
        if (timer != null) {
            timer.shutdownNow();
        }
        endpoints.forEach(Endpoint::close);
        client.close();
    }
}
