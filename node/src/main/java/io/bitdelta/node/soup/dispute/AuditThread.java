package io.bitdelta.node.soup.dispute;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Audits beside the rest of a node, because a recount may take minutes, until it is closed. What goes wrong in one look does not end it. */
public final class AuditThread implements AutoCloseable {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    private static final Logger log = LoggerFactory.getLogger(AuditThread.class);

    private final SoupAuditor auditor;
    private final Duration every;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    /** @param every pause between looks */
    public AuditThread(SoupAuditor auditor, Duration every) {
        this.auditor = auditor;
        this.every = every;
        this.thread = Thread.ofVirtual().name("audit").start(this::run);
    }

    private void run() {
        try {
            while (!stop.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    auditor.look();
                } catch (RuntimeException away) {
                    log.warn("audit: trying again soon: {}", String.valueOf(away.getMessage()));
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets a look that is under way end, for some seconds. */
    @Override
    public void close() {
        stop.countDown();
        try {
            if (!thread.join(STOP_WITHIN)) {
                log.warn("an audit was left unfinished; it begins anew when the node is back");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
