package io.bitdelta.node.local;

import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.soup.dispute.AuditThread;
import java.io.IOException;
import java.net.URI;
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
    private final AuditThread auditing;

    private RunningNode(LocalNode node, ServedNode server, Duration auditEvery) {
        this.node = node;
        this.server = server;
        this.following = Thread.ofVirtual().name("follow").start(this::following);
        this.auditing = new AuditThread(node.soupAuditor(), auditEvery);
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

    /** Where this machine reaches it. */
    public URI address() {
        return server.address();
    }

    /** A chain or a daemon that is away for a moment must not stop the gateway, nor the next look at a challenge. */
    private void following() {
        try {
            while (!stop.await(FOLLOW_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    follow();
                } catch (ChainException | IOException away) {
                    log.warn("trying again soon: {}", away.getMessage());
                } catch (RuntimeException failed) {
                    // A thread that ends in silence would be worse: readiness tells when this goes on.
                    log.error("trying again soon", failed);
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
        node.settlementWatch().look();
        node.content().sync();
        server.measure();
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            following.join(STOP_WITHIN);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            auditing.close();
            server.close();
        }
    }
}
