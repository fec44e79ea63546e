package io.bitdelta.node.chain.endpoint;

import io.bitdelta.node.chain.BlockHead;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.RpcTransport;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.crypto.Hash;

/** One endpoint of a pool: its connection, its last answers, and what is thought of it. */
final class Endpoint implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Endpoint.class);

    /** Answers that a caller waits for. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** Answers that only comparing waits for. */
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);

    private final RpcTransport transport;
    private final RpcTransport checking;
    private final ChainClient probe;
    private volatile Health health = Health.GOOD;
    private volatile String reason = "";
    private volatile long head = -1;
    private long chainId;
    private String blockHash = "";
    private String logsDigest = "";
    private String remembered = "";
    private int passed;

    Endpoint(String url) {
        this.transport = new RpcTransport(url, TIMEOUT);
        this.checking = new RpcTransport(url, CHECK_TIMEOUT);
        this.probe = new ChainClient(url, checking.name(), checking, () -> {});
    }

    InputStream exchange(String payload) throws IOException {
        return transport.exchange(payload);
    }

    /** Asks for chain id and head. */
    boolean readHead() {
        chainId = probe.chainId();
        head = probe.head().number();
        return true;
    }

    /**
     * Asks for the block at a height, the logs of the blocks before it, and the hash of a block that was agreed on.
     *
     * @param agreedHeight negative for none
     */
    boolean readHistory(long height, PoolRules rules, long agreedHeight) {
        blockHash = hashAt(height);
        logsDigest = rules.contracts().isEmpty() ? "" : logsBefore(height, rules);
        remembered = agreedHeight < 0 ? "" : hashAt(agreedHeight);
        return true;
    }

    private String hashAt(long height) {
        return probe.block(height)
                .map(BlockHead::hash)
                .orElseThrow(
                        () -> new ChainException("%s has head %d but no block %d".formatted(name(), head, height)));
    }

    private String logsBefore(long height, PoolRules rules) {
        long from = Math.max(0, height - rules.logBlocks() + 1);
        return Hash.sha3String(probe.logs(from, height, rules.contracts(), java.util.List.of()).stream()
                .map(entry -> String.join(
                        "|",
                        entry.getBlockHash(),
                        String.valueOf(entry.getLogIndex()),
                        entry.getAddress().toLowerCase(java.util.Locale.ROOT),
                        String.valueOf(entry.getTopics()),
                        entry.getData()))
                .collect(Collectors.joining("\n")));
    }

    /** What it told: two endpoints with one story agree. */
    String story() {
        return blockHash + " " + logsDigest;
    }

    boolean remembers(String agreedHash) {
        return remembered.equals(agreedHash);
    }

    String name() {
        return transport.name();
    }

    Health health() {
        return health;
    }

    String reason() {
        return reason;
    }

    long head() {
        return head;
    }

    long chainId() {
        return chainId;
    }

    String blockHash() {
        return blockHash;
    }

    /** A verdict that is not good. */
    void judge(Health verdict, String why) {
        if (health != verdict) {
            log.warn("chain endpoint {} is left: {}: {}", name(), verdict, why);
        }
        passed = 0;
        health = verdict;
        reason = why;
    }

    /** Passed a check; one that told another history has to pass several. */
    void passed(int needed) {
        passed++;
        boolean deceived = health == Health.LYING || health == Health.WRONG_CHAIN;
        if (deceived && passed < needed) {
            return;
        }
        if (health != Health.GOOD) {
            log.info("chain endpoint {} is used again", name());
        }
        health = Health.GOOD;
        reason = "";
    }

    EndpointState state(boolean chosen) {
        return new EndpointState(name(), health, head, reason, chosen);
    }

    @Override
    public void close() {
        probe.close();
        try {
            transport.close();
        } catch (IOException nothingToLose) {
            log.debug("closing {}: {}", name(), nothingToLose.getMessage());
        }
    }
}
