package io.bitdelta.ipfs.kubo;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.HashMismatchException;
import io.bitdelta.ipfs.car.CarReader;
import io.bitdelta.ipfs.car.CarSelection;
import io.bitdelta.ipfs.car.CarWriter;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import io.bitdelta.ipfs.unixfs.UnixFsReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/**
 * Calls a daemon. Methods block and are meant for virtual threads; {@link #async} runs any of them in the background.
 * Content streams both ways: an upload reads its blocks as the socket takes them, an export hands over one verified block
 * at a time. Thread-safe.
 */
public final class KuboClient {
    private static final int MAX_JSON_BYTES = 16 << 20;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final KuboEndpoint endpoint;
    private final RpcCall rpc;
    private final Executor executor = Executors.newVirtualThreadPerTaskExecutor();

    /** A client with an HTTP client and randomness of its own. */
    public KuboClient(KuboEndpoint endpoint) {
        this(
                endpoint,
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build(),
                RandomGenerator.getDefault());
    }

    /** A client; {@code random} spreads the waits between tries. */
    public KuboClient(KuboEndpoint endpoint, HttpClient http, RandomGenerator random) {
        this.endpoint = endpoint;
        this.rpc = new RpcCall(endpoint, http, random);
    }

    /** Runs a call in the background; the future fails with the call's own exception. */
    public <T> CompletableFuture<T> async(Callable<T> call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.call();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                executor);
    }

    /** The daemon's peer identity. */
    public String id() throws IOException {
        return call("id").word("ID");
    }

    /** The daemon's version. */
    public String version() throws IOException {
        return call("version").word("Version");
    }

    /**
     * Sends everything under {@code root} as an archive and pins it.
     *
     * @throws KuboException if the daemon's answer does not confirm exactly this root
     */
    public void add(BlockSource source, Cid root) throws IOException {
        send(
                        "dag/import",
                        () -> Upload.of(out -> {
                            CarWriter writer = new CarWriter(out, List.of(root));
                            CarSelection.ALL.walk(source, root, writer::write);
                        }),
                        "pin-roots",
                        "true")
                .confirmImport(root);
    }

    /** Hands over everything under {@code root} as the daemon has it, every block verified. */
    public void export(Cid root, CarSelection.Sink sink) throws IOException {
        // Only the head is tried again: blocks may have been handed over when the stream breaks.
        rpc.run("dag/export", new String[] {"arg", root.toString()}, body -> {
            try {
                CarReader reader = new CarReader(body);
                for (Optional<Block> block = reader.next(); block.isPresent(); block = reader.next()) {
                    sink.accept(block.get());
                }
                return true;
            } catch (io.bitdelta.ipfs.ContentException e) {
                throw e;
            } catch (IOException e) {
                throw new KuboException(rpc.describe("dag/export") + " of " + root + " broke off", 200);
            }
        });
    }

    /**
     * Writes a file's bytes and returns how many there were. Reads block by block, because what a daemon has put together
     * itself cannot be verified.
     */
    public long cat(Cid file, OutputStream target) throws IOException {
        return new UnixFsReader(new KuboBlockstore(this)).copyTo(file, target);
    }

    /**
     * Reads a block the daemon has.
     *
     * @throws HashMismatchException if it gives other bytes
     */
    public Optional<Block> blockGet(Cid cid) throws IOException {
        try {
            byte[] data = rpc.run(
                    "block/get",
                    new String[] {"arg", cid.toString(), "offline", "true"},
                    body -> body.readNBytes(Block.MAX_BYTES + 1));
            return Optional.of(new Block(cid, data));
        } catch (KuboException e) {
            return absent(e);
        }
    }

    /** Keeps a block, unpinned. */
    public void blockPut(Block block) throws IOException {
        String codec =
                block.cid().codec() == Codec.RAW ? "raw" : block.cid().codec() == Codec.DAG_PB ? "dag-pb" : "dag-cbor";
        Cid stored = send(
                        "block/put",
                        () -> Upload.of(block.data()),
                        "cid-codec",
                        codec,
                        "format",
                        codec,
                        "mhtype",
                        "sha2-256",
                        "version",
                        "1")
                .cid("Key");
        if (!stored.toV1().equals(block.cid().toV1())) {
            throw new HashMismatchException(block.cid(), stored);
        }
    }

    /** Bytes of a block the daemon has. */
    public Optional<Long> blockStat(Cid cid) throws IOException {
        try {
            return Optional.of(
                    call("block/stat", "arg", cid.toString(), "offline", "true").number("Size"));
        } catch (KuboException e) {
            return absent(e);
        }
    }

    /** Removes an unpinned block. */
    public boolean blockRemove(Cid cid) throws IOException {
        return call("block/rm", "arg", cid.toString(), "force", "true").withoutErrors();
    }

    /** Pins content, recursively. */
    public void pinAdd(Cid cid) throws IOException {
        call("pin/add", "arg", cid.toString(), "recursive", "true");
    }

    /** Pins a block alone. */
    public void pinAddDirect(Cid cid) throws IOException {
        call("pin/add", "arg", cid.toString(), "recursive", "false");
    }

    /** Removes a recursive pin; whether there was one. */
    public boolean pinRemove(Cid cid) throws IOException {
        return remove(cid, pins(), "true");
    }

    /** Removes a direct pin; whether there was one. */
    public boolean pinRemoveDirect(Cid cid) throws IOException {
        return remove(cid, directPins(), "false");
    }

    private boolean remove(Cid cid, List<Cid> pins, String recursive) throws IOException {
        if (!pins.contains(cid.toV1())) {
            return false;
        }
        call("pin/rm", "arg", cid.toString(), "recursive", recursive);
        return true;
    }

    /** Whether content is pinned recursively. */
    public boolean pinned(Cid cid) throws IOException {
        return pins().contains(cid.toV1());
    }

    /** All recursive pins, version 1. */
    public List<Cid> pins() throws IOException {
        return call("pin/ls", "type", "recursive", "stream", "true").pins();
    }

    /** All pins of single blocks, version 1. */
    public List<Cid> directPins() throws IOException {
        return call("pin/ls", "type", "direct", "stream", "true").pins();
    }

    /** Moves a recursive pin from one content to another, which is pinned before the first is let go. */
    public void pinUpdate(Cid from, Cid to) throws IOException {
        pinAdd(to);
        pinRemove(from);
    }

    /** Removes what no pin keeps and returns how many blocks that were. */
    public long repoGc() throws IOException {
        return call("repo/gc", "quiet", "true").lines().size();
    }

    /** What the daemon's repository holds. */
    public RepoStat repoStat() throws IOException {
        RpcAnswer answer = call("repo/stat");
        return new RepoStat(answer.number("RepoSize"), answer.number("StorageMax"), answer.number("NumObjects"));
    }

    /** Every block the daemon keeps, version 1. */
    public List<Cid> blocks() throws IOException {
        return call("refs/local").references();
    }

    KuboEndpoint endpoint() {
        return endpoint;
    }

    /** The API has no status for "not here": it answers 500 with words. */
    private static <T> Optional<T> absent(KuboException e) throws KuboException {
        String message = String.valueOf(e.getMessage());
        if (e.status() == 404
                || (e.status() == 500
                        && message.toLowerCase(java.util.Locale.ROOT).contains("not found"))) {
            return Optional.empty();
        }
        throw e;
    }

    private RpcAnswer call(String command, String... query) throws IOException {
        return new RpcAnswer(rpc.describe(command), rpc.run(command, query, KuboClient::text));
    }

    private RpcAnswer send(String command, Upload.Source content, String... query) throws IOException {
        return new RpcAnswer(rpc.describe(command), rpc.run(command, query, content, KuboClient::text));
    }

    private static String text(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(MAX_JSON_BYTES + 1);
        if (bytes.length > MAX_JSON_BYTES) {
            throw new KuboException("an answer of more than " + MAX_JSON_BYTES + " bytes", 200);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
