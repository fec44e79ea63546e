package io.bitdelta.node.demo;

import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.chain.EmbeddedChain;
import io.bitdelta.node.config.DevelopmentKeys;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.config.SoupConfig;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.RunningNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * What the story is told on: a running node, which its people reach over HTTP only, and what no node lets anybody do: to
 * move the clock of its development chain, and to play a dishonest account.
 */
final class Stage implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Duration AUDIT_EVERY = Duration.ofMillis(200);

    private final LocalNode node;
    private final RunningNode running;
    private final Secp256k1Key operator;
    private final Clock clock;

    private Stage(LocalNode node, RunningNode running, Secp256k1Key operator, Clock clock) {
        this.node = node;
        this.running = running;
        this.operator = operator;
        this.clock = clock;
    }

    /**
     * Starts the node, with an operator of its own, and with audits that challenge.
     *
     * @param data the data folder; a second run on it continues
     */
    static Stage open(Path data, NodeConfig config, Clock clock) throws IOException {
        Secp256k1Key operator = new DevelopmentKeys(data.resolve("keys"), new SecureRandom()).named("operator");
        NodeConfig told = config.withOperator(operator.address()).withAudit(SoupConfig.Audit.CHALLENGE);
        LocalNode node = LocalNode.open(data, told, Optional.empty(), clock);
        try {
            return new Stage(node, RunningNode.start(node, HOST, 0, AUDIT_EVERY), operator, clock);
        } catch (IOException | RuntimeException failed) {
            node.close();
            throw failed;
        }
    }

    /** Where the node listens. */
    URI address() {
        return URI.create("http://%s:%d".formatted(HOST, running.port()));
    }

    /** The chain's address, which a stranger needs. */
    String rpc() {
        return node.chain().url();
    }

    /** Behind the scenes. */
    LocalNode node() {
        return node;
    }

    /** Who runs the node. */
    Actor operator() {
        return Actor.login(address(), operator, clock);
    }

    /** A user of the node, with a development key of this name. */
    Actor user(String name) throws IOException {
        return Actor.login(address(), node.developmentKeys().named(name), clock);
    }

    /** Moves the development chain's clock forward. */
    void advanceClock(long seconds) {
        EmbeddedChain chain = node.embeddedChain().orElseThrow();
        chain.advanceClock(seconds);
    }

    /** Time of the chain's newest block. */
    long chainTime() {
        return node.chain().head().timestamp();
    }

    @Override
    public void close() throws IOException {
        running.close();
        node.close();
    }
}
