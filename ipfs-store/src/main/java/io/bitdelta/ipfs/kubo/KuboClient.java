package io.bitdelta.ipfs.kubo;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.HashMismatchException;
import io.bitdelta.ipfs.car.CarReader;
import io.bitdelta.ipfs.car.CarSelection;
import io.bitdelta.ipfs.car.CarWriter;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import io.bitdelta.ipfs.cid.InvalidCidException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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
        return text("id", call("id"), "ID");
    }

    /** The daemon's version. */
    public String version() throws IOException {
        return text("version", call("version"), "Version");
    }

    /**
     * Sends everything under {@code root} as an archive and pins it.
     *
     * @throws KuboException if the daemon's answer does not confirm exactly this root
     */
    public void add(BlockSource source, Cid root) throws IOException {
        String answer = rpc.run(
                "dag/import",
                new String[] {"pin-roots", "true"},
                Multipart.of(out -> {
                    CarWriter writer = new CarWriter(out, List.of(root));
                    CarSelection.ALL.walk(source, root, writer::write);
                }),
                Multipart.CONTENT_TYPE,
                KuboClient::text);
        boolean confirmed = false;
        for (String line : answer.lines().toList()) {
            JsonObject imported = child(json("dag/import", line), "Root");
            if (imported != null) {
                JsonObject name = child(imported, "Cid");
                Cid cid = cid("dag/import", name == null ? null : word(name, "/"));
                String error = Objects.requireNonNullElse(word(imported, "PinErrorMsg"), "");
                if (!error.isEmpty() || !cid.toV1().equals(root.toV1())) {
                    throw new KuboException(
                            rpc.describe("dag/import") + " of " + root + " gave " + cid + " " + error, 200);
                }
                confirmed = true;
            }
        }
        if (!confirmed) {
            throw new KuboException(rpc.describe("dag/import") + " did not confirm " + root, 200);
        }
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
        String answer = rpc.run(
                "block/put",
                new String[] {"cid-codec", codec, "format", codec, "mhtype", "sha2-256", "version", "1"},
                Multipart.of(block.data()),
                Multipart.CONTENT_TYPE,
                KuboClient::text);
        Cid stored = cid("block/put", word(json("block/put", answer), "Key"));
        if (!stored.toV1().equals(block.cid().toV1())) {
            throw new HashMismatchException(block.cid(), stored);
        }
    }

    /** Bytes of a block the daemon has. */
    public Optional<Long> blockStat(Cid cid) throws IOException {
        try {
            JsonObject answer = call("block/stat", "arg", cid.toString(), "offline", "true");
            return Optional.of(number("block/stat", answer, "Size"));
        } catch (KuboException e) {
            return absent(e);
        }
    }

    /** Removes an unpinned block. */
    public boolean blockRemove(Cid cid) throws IOException {
        String answer = rpc.run("block/rm", new String[] {"arg", cid.toString(), "force", "true"}, KuboClient::text);
        boolean removed = true;
        for (String line : answer.lines().toList()) {
            removed &= Objects.requireNonNullElse(word(json("block/rm", line), "Error"), "")
                    .isEmpty();
        }
        return removed;
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
        return pins("recursive");
    }

    /** All pins of single blocks, version 1. */
    public List<Cid> directPins() throws IOException {
        return pins("direct");
    }

    private List<Cid> pins(String type) throws IOException {
        List<Cid> pins = new ArrayList<>();
        String answer = rpc.run("pin/ls", new String[] {"type", type, "stream", "true"}, KuboClient::text);
        for (String line : answer.lines().toList()) {
            JsonObject object = json("pin/ls", line);
            JsonObject keys = child(object, "Keys");
            if (keys != null) {
                for (String key : keys.fieldNames()) {
                    pins.add(cid("pin/ls", key).toV1());
                }
            } else if (word(object, "Cid") != null) {
                pins.add(cid("pin/ls", word(object, "Cid")).toV1());
            }
        }
        return pins;
    }

    /** Moves a recursive pin from one content to another. */
    public void pinUpdate(Cid from, Cid to) throws IOException {
        pinAdd(to);
        pinRemove(from);
    }

    /** Removes what no pin keeps and returns how many blocks that were. */
    public long repoGc() throws IOException {
        String answer = rpc.run("repo/gc", new String[] {"quiet", "true"}, KuboClient::text);
        return answer.lines().filter(line -> !line.isBlank()).count();
    }

    /** Bytes the daemon's repository takes. */
    public long repoBytes() throws IOException {
        return number("repo/stat", call("repo/stat"), "RepoSize");
    }

    /** Every block the daemon keeps, version 1. */
    public List<Cid> blocks() throws IOException {
        String answer = rpc.run("refs/local", new String[0], KuboClient::text);
        List<Cid> blocks = new ArrayList<>();
        for (String line : answer.lines().toList()) {
            blocks.add(cid("refs/local", word(json("refs/local", line), "Ref")).toV1());
        }
        return blocks;
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

    private JsonObject call(String command, String... query) throws IOException {
        return json(command, rpc.run(command, query, KuboClient::text));
    }

    private static String text(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(MAX_JSON_BYTES + 1);
        if (bytes.length > MAX_JSON_BYTES) {
            throw new KuboException("an answer of more than " + MAX_JSON_BYTES + " bytes", 200);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private JsonObject json(String command, String text) throws KuboException {
        try {
            return new JsonObject(text);
        } catch (DecodeException e) {
            throw malformed(command, "is not a JSON object");
        }
    }

    private Cid cid(String command, @Nullable String text) throws KuboException {
        try {
            return Cid.parse(String.valueOf(text));
        } catch (InvalidCidException e) {
            throw malformed(command, String.valueOf(e.getMessage()));
        }
    }

    private String text(String command, JsonObject object, String key) throws KuboException {
        String value = word(object, key);
        if (value == null) {
            throw malformed(command, "has no '" + key + "'");
        }
        return value;
    }

    /** A field that is an object; null where it is anything else. */
    private static @Nullable JsonObject child(JsonObject object, String key) {
        return object.getValue(key) instanceof JsonObject child ? child : null;
    }

    /** A field that is text; null where it is anything else. */
    private static @Nullable String word(JsonObject object, String key) {
        return object.getValue(key) instanceof String text ? text : null;
    }

    /** A whole number, which some daemons write as text. */
    private long number(String command, JsonObject object, String key) throws KuboException {
        try {
            return Long.parseLong(String.valueOf(object.getValue(key)));
        } catch (NumberFormatException e) {
            throw malformed(command, "has no number '" + key + "'");
        }
    }

    private KuboException malformed(String command, String finding) {
        return new KuboException("the answer to " + rpc.describe(command) + " " + finding, 200);
    }
}
