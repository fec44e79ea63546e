package io.bitdelta.node.chain;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.web3j.crypto.Hash;
import org.web3j.utils.Numeric;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON-RPC endpoint over a chain of blocks that a test writes: real answers over real HTTP, for histories that a real
 * chain would need hours for. It holds headers and logs, no state.
 */
public final class ScriptedChain implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Block> blocks = new ArrayList<>();
    private long chainId = 31337;
    private long finalized = -1;
    private int mostLogs = Integer.MAX_VALUE;
    private boolean down;
    private long visible = Long.MAX_VALUE;

    /** One log of a block. */
    public record Entry(String address, List<String> topics, String data) {}

    private record Block(long number, String hash, String parent, List<Entry> logs) {}

    public ScriptedChain() {
        blocks.add(new Block(0, Hash.sha3String("genesis"), "0x" + "0".repeat(64), List.of()));
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Appends a block; {@code salt} tells it from a rival of the same height. */
    public synchronized void mine(long salt, List<Entry> logs) {
        Block parent = blocks.getLast();
        // A block's hash commits to its logs, as on a real chain.
        String hash = Hash.sha3String(parent.hash() + salt + logs);
        blocks.add(new Block(parent.number() + 1, hash, parent.hash(), List.copyOf(logs)));
    }

    /** Takes back the newest blocks. */
    public synchronized void undo(int depth) {
        for (int i = 0; i < depth && blocks.size() > 1; i++) {
            blocks.removeLast();
        }
    }

    public synchronized long height() {
        return blocks.getLast().number();
    }

    /** The chain's notion of finality; negative for none. */
    public synchronized void finalizeUpTo(long number) {
        finalized = number;
    }

    /** Refuses answers with more logs, as public endpoints do. */
    public synchronized void limitLogs(int most) {
        mostLogs = most;
    }

    public synchronized void claimChain(long id) {
        chainId = id;
    }

    /** Answers 503 to everything. */
    public synchronized void setDown(boolean down) {
        this.down = down;
    }

    /** Shows no block above {@code number}: an endpoint that lags. */
    public synchronized void showUpTo(long number) {
        visible = number;
    }

    /** The same blocks and logs as another. */
    public synchronized void copy(ScriptedChain other) {
        blocks.clear();
        blocks.addAll(other.blocks);
    }

    /** Leaves out the logs of a block: what only a lying endpoint does. */
    public synchronized void forgetLogs(long number) {
        Block block = blocks.get((int) number);
        blocks.set((int) number, new Block(block.number(), block.hash(), block.parent(), List.of()));
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body;
        int status = 200;
        try {
            JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
            synchronized (this) {
                if (down) {
                    status = 503;
                    body = "down".getBytes(StandardCharsets.UTF_8);
                } else if (request.isArray()) {
                    body = JSON.writeValueAsBytes(StreamSupport.stream(request.spliterator(), false)
                            .map(this::answer)
                            .toList());
                } else {
                    body = JSON.writeValueAsBytes(answer(request));
                }
            }
        } catch (RuntimeException malformed) {
            status = 400;
            body = String.valueOf(malformed).getBytes(StandardCharsets.UTF_8);
        }
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Map<String, @Nullable Object> answer(JsonNode request) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("jsonrpc", "2.0");
        answer.put("id", request.required("id").longValue());
        JsonNode parameters = request.required("params");
        try {
            answer.put(
                    "result",
                    switch (request.required("method").stringValue()) {
                        case "eth_chainId" -> hex(chainId);
                        case "eth_blockNumber" -> hex(newest());
                        case "eth_getBlockByNumber" -> block(parameters.get(0).stringValue());
                        case "eth_getLogs" -> logs(parameters.get(0));
                        default -> throw new IllegalArgumentException("no such method");
                    });
        } catch (IllegalArgumentException refused) {
            answer.remove("result");
            answer.put("error", Map.of("code", -32005, "message", String.valueOf(refused.getMessage())));
        }
        return answer;
    }

    private long newest() {
        return Math.min(visible, blocks.getLast().number());
    }

    private @Nullable Object block(String which) {
        long number =
                switch (which) {
                    case "latest" -> newest();
                    case "finalized" -> {
                        if (finalized < 0) {
                            throw new IllegalArgumentException("unknown block tag finalized");
                        }
                        yield Math.min(finalized, newest());
                    }
                    default -> Numeric.decodeQuantity(which).longValueExact();
                };
        if (number > newest()) {
            return null;
        }
        Block block = blocks.get((int) number);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", hex(block.number()));
        json.put("hash", block.hash());
        json.put("parentHash", block.parent());
        json.put("timestamp", hex(1_000_000 + 12 * block.number()));
        json.put("baseFeePerGas", "0x1");
        json.put("transactions", List.of());
        return json;
    }

    private List<Object> logs(JsonNode filter) {
        long from = Numeric.decodeQuantity(filter.required("fromBlock").stringValue())
                .longValueExact();
        long to =
                Numeric.decodeQuantity(filter.required("toBlock").stringValue()).longValueExact();
        List<String> addresses = new ArrayList<>();
        filter.required("address")
                .forEach(one -> addresses.add(one.stringValue().toLowerCase(Locale.ROOT)));
        List<Object> found = new ArrayList<>();
        for (long number = from; number <= Math.min(to, newest()); number++) {
            Block block = blocks.get((int) number);
            int index = 0;
            for (Entry entry : block.logs()) {
                if (addresses.contains(entry.address())) {
                    found.add(log(block, entry, index));
                }
                index++;
            }
        }
        if (found.size() > mostLogs) {
            throw new IllegalArgumentException("query returned more than " + mostLogs + " results");
        }
        return found;
    }

    private static Map<String, Object> log(Block block, Entry entry, int index) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("address", entry.address());
        json.put("topics", entry.topics());
        json.put("data", entry.data());
        json.put("blockNumber", hex(block.number()));
        json.put("blockHash", block.hash());
        json.put("transactionHash", Hash.sha3String(block.hash() + index));
        json.put("transactionIndex", hex(index));
        json.put("logIndex", hex(index));
        json.put("removed", false);
        return json;
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
