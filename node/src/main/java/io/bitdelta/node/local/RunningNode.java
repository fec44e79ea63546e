package io.bitdelta.node.local;

import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.config.SoupConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node at work: it serves, runs jobs, follows the chain, and looks after soups until it is closed. */
public final class RunningNode implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunningNode.class);
    private static final Duration FOLLOW_EVERY = Duration.ofMillis(500);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final LocalNode node;
    private final ServedNode server;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread following;
    private final Thread auditing;

    private RunningNode(LocalNode node, ServedNode server, Duration auditEvery) {
        this.node = node;
        this.server = server;
        this.following = Thread.ofVirtual().name("follow").start(() -> every(FOLLOW_EVERY, this::follow));
        // A recount may take minutes, so it runs beside the rest.
        this.auditing = Thread.ofVirtual().name("audit").start(() -> every(auditEvery, this::audit));
    }

    /**
     * Starts everything; the caller closes this before the node.
     *
     * @param port 0 takes a free one
     * @param auditEvery pause between looks at other people's soups
     * @throws io.bitdelta.node.api.PortBusyException when the port is taken
     * @throws IOException when the store or the key of sessions cannot be read
     */
    public static RunningNode start(LocalNode node, String host, int port, Duration auditEvery) throws IOException {
        ServedNode server = ServedNode.start(node, host, port);
        try {
            node.catchUp();
            node.jobs().start();
            return new RunningNode(node, server, auditEvery);
        } catch (IOException | RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /** Work that is repeated. */
    @FunctionalInterface
    private interface Look {
        void look() throws IOException;
    }

    /** A chain or a daemon that is away for a moment must not stop the gateway, nor the next look at a challenge. */
    private void every(Duration pause, Look look) {
        try {
            while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    look.look();
                } catch (ChainException | IOException away) {
                    log.warn("{}: trying again soon: {}", Thread.currentThread().getName(), away.getMessage());
                } catch (RuntimeException failed) {
                    // A thread that ends in silence would be worse: readiness tells when this goes on.
                    log.error("{}: trying again", Thread.currentThread().getName(), failed);
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() throws IOException {
        node.outbox().advance();
        node.catchUp();
        node.soupGuard().look();
        node.content().sync();
    }

    private void audit() {
        if (node.config().soup().audit() != SoupConfig.Audit.OFF) {
            node.soupAuditor().look();
        }
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            following.join(STOP_WITHIN);
            auditing.join(STOP_WITHIN);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            server.close();
        }
    }
}
