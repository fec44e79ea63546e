package io.bitdelta.node.verify;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.config.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** The stranger's check for many askers: a few at once, and each id once a block. Thread-safe. */
public final class VerifyService {
    private static final int MOST_REMEMBERED = 512;

    private final ChainClient chain;
    private final String registry;
    private final ContentFetch content;
    private final Path work;
    private final Semaphore slots;
    private final Map<Asked, VerifyReport> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, VerifyReport> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private record Asked(Bytes32 deltaId, long block) {}

    /**
     * Checks against one chain.
     *
     * @param work where delta files are put while they are checked
     * @param atOnce most checks at a time: each may hold one delta file on disk
     */
    public VerifyService(ChainClient chain, String registry, ContentFetch content, Path work, int atOnce) {
        this.chain = chain;
        this.registry = registry;
        this.content = content;
        this.work = work;
        this.slots = new Semaphore(atOnce);
    }

    /**
     * A report and the block that it is of.
     *
     * @param block the newest when the check began
     */
    public record Dated(long block, VerifyReport report) {}

    /**
     * Checks a delta.
     *
     * @return empty when as many checks as are taken are running
     * @throws IOException when the work folder cannot be written
     */
    public Optional<Dated> verify(Bytes32 deltaId) throws IOException {
        Asked asked = new Asked(deltaId, chain.head().number());
        synchronized (remembered) {
            VerifyReport known = remembered.get(asked);
            if (known != null) {
                return Optional.of(new Dated(asked.block(), known));
            }
        }
        if (!slots.tryAcquire()) {
            return Optional.empty();
        }
        try (TemporaryFolder folder = TemporaryFolder.create(work, "verify-")) {
            VerifyReport report = new StrangersCheck(chain, registry, content).verify(deltaId, folder.path());
            synchronized (remembered) {
                remembered.put(asked, report);
            }
            return Optional.of(new Dated(asked.block(), report));
        } finally {
            slots.release();
        }
    }
}
