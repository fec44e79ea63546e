package io.bitdelta.ipfs.tier;

import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.StoreLock;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import io.bitdelta.ipfs.disk.Folders;
import io.bitdelta.ipfs.disk.WholeFile;
import io.bitdelta.ipfs.kubo.KuboClient;
import io.bitdelta.ipfs.kubo.KuboException;
import io.bitdelta.ipfs.pin.Pin;
import io.bitdelta.ipfs.pin.Pins;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps at a daemon what is pinned publicly here. A daemon offers what it has to the whole network, so private pins are
 * never sent.
 *
 * <p>What the daemon confirmed is remembered as one empty file per pin. What is pinned and not confirmed is still to be
 * sent: the pins themselves are the queue, so a crash forgets nothing. A confirmed pin that is gone here is removed there.
 */
public final class DaemonMirror {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonMirror.class);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LITTLE_PATIENCE = Duration.ofSeconds(5);

    private final Path folder;
    private final Pins pins;
    private final BlockSource source;
    private final KuboClient client;
    private final String daemon;
    private final TierListener listener;
    private final StoreLock lock;

    /** Content at the daemon, as the daemon names it. */
    private record Entry(Cid cid, Pin.Kind kind) {
        String fileName() {
            return cid.toV1() + "." + kind.name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Opens or creates a mirror.
     *
     * @param folder of this mirror; what one daemon confirmed says nothing about another, so each has a folder in it
     * @param pins what is to be mirrored
     * @param source the blocks
     */
    public DaemonMirror(Path folder, Pins pins, BlockSource source, URI api, KuboClient client, TierListener listener)
            throws IOException {
        String address =
                Cid.ofRaw(api.toString().getBytes(StandardCharsets.UTF_8)).toString();
        this.folder = folder.resolve(address.substring(address.length() - 16));
        this.pins = pins;
        this.source = source;
        this.client = client;
        this.daemon = "daemon " + api;
        this.listener = listener;
        Folders.create(this.folder);
        this.lock = StoreLock.of(this.folder.resolve("lock"));
    }

    /** What to call the daemon in messages. */
    public String name() {
        return daemon;
    }

    /** Public pins that the daemon has not confirmed. */
    public List<Cid> waiting() throws IOException {
        Set<Entry> waiting = wanted(pins.all());
        waiting.removeAll(confirmed());
        return waiting.stream().map(Entry::cid).sorted().toList();
    }

    /**
     * Sends what waits and removes what is no longer pinned here. Goes on behind content that cannot be sent, and stops
     * when the daemon does not answer.
     *
     * @return how many pins are not as they should be
     */
    public int sync() throws IOException {
        try (StoreLock.Lease lease = lock.exclusive(PATIENCE)) {
            if (lease == null) {
                throw busy();
            }
            Set<Entry> wanted = wanted(pins.all());
            Set<Entry> confirmed = confirmed();
            List<Entry> removals = new ArrayList<>(confirmed);
            removals.removeAll(wanted);
            wanted.removeAll(confirmed);
            int left = removals.size() + wanted.size();
            try {
                for (Entry entry : removals) {
                    left -= attempt(entry, this::remove) ? 1 : 0;
                }
                for (Entry entry : wanted) {
                    left -= attempt(entry, this::send) ? 1 : 0;
                }
            } catch (KuboException e) {
                LOG.warn("{} pins wait for {}: {}", left, daemon, e.getMessage());
            }
            return left;
        }
    }

    /**
     * Sends what is pinned publicly of one content now, without a look at all the other pins.
     *
     * @throws IOException if it could not be sent; {@link #sync} sends it later
     */
    public void send(Cid cid) throws IOException {
        Set<Entry> wanted = wanted(pins.of(cid));
        wanted.removeIf(entry -> Files.exists(folder.resolve(entry.fileName())));
        if (wanted.isEmpty()) {
            return;
        }
        try (StoreLock.Lease lease = lock.exclusive(LITTLE_PATIENCE)) {
            if (lease == null) {
                throw busy();
            }
            for (Entry entry : wanted) {
                send(entry);
            }
        }
    }

    private TierException busy() {
        return new TierException(daemon, new IOException("somebody else is sending"));
    }

    @FunctionalInterface
    private interface Step {
        void run(Entry entry) throws IOException;
    }

    /** Whether it worked; throws only when the daemon does not answer at all. */
    private boolean attempt(Entry entry, Step step) throws KuboException {
        try {
            step.run(entry);
            return true;
        } catch (IOException e) {
            listener.failed(daemon);
            if (e instanceof KuboException silence && silence.status() == 0) {
                throw silence;
            }
            LOG.warn("{} of {} is not as it should be at {}: {}", entry.kind, entry.cid, daemon, e.getMessage());
            return false;
        }
    }

    private void send(Entry entry) throws IOException {
        if (entry.kind == Pin.Kind.RECURSIVE) {
            client.add(source, entry.cid);
        } else {
            client.blockPut(source.require(entry.cid));
            client.pinAddDirect(entry.cid);
        }
        WholeFile.write(folder.resolve(entry.fileName()), out -> {});
        listener.copied(daemon);
    }

    private void remove(Entry entry) throws IOException {
        if (entry.kind == Pin.Kind.RECURSIVE) {
            client.pinRemove(entry.cid);
        } else {
            client.pinRemoveDirect(entry.cid);
        }
        Files.deleteIfExists(folder.resolve(entry.fileName()));
    }

    /**
     * Asks the daemon for its pins and forgets confirmations that no longer hold.
     *
     * @return public pins that the daemon does not keep
     * @throws KuboException if it does not answer
     */
    public List<Cid> check() throws IOException {
        Set<Cid> recursive = new HashSet<>(client.pins());
        Set<Cid> direct = new HashSet<>(client.directPins());
        for (Entry entry : confirmed()) {
            Set<Cid> kept = entry.kind == Pin.Kind.RECURSIVE ? recursive : direct;
            if (!kept.contains(entry.cid.toV1())) {
                Files.deleteIfExists(folder.resolve(entry.fileName()));
            }
        }
        return waiting();
    }

    /** A recursive pin includes a direct one of the same content. */
    private static Set<Entry> wanted(List<Pin> pins) {
        Set<Entry> wanted = new HashSet<>();
        for (Pin pin : pins) {
            boolean inline = pin.cid().isIdentity() && pin.cid().codec() == Codec.RAW;
            if (pin.visibility() == Visibility.PUBLIC && !inline) {
                wanted.add(new Entry(pin.cid().toV1(), pin.kind()));
            }
        }
        wanted.removeIf(
                entry -> entry.kind == Pin.Kind.DIRECT && wanted.contains(new Entry(entry.cid, Pin.Kind.RECURSIVE)));
        return wanted;
    }

    private Set<Entry> confirmed() throws IOException {
        Set<Entry> confirmed = new HashSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String[] parts = file.getFileName().toString().split("\\.", 2);
                try {
                    if (parts.length == 2 && !parts[0].isEmpty()) {
                        confirmed.add(
                                new Entry(Cid.parse(parts[0]), Pin.Kind.valueOf(parts[1].toUpperCase(Locale.ROOT))));
                    }
                } catch (IllegalArgumentException e) {
                    LOG.debug("{} is no confirmation", file);
                }
            }
        }
        return confirmed;
    }
}
