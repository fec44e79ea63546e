package io.bitdelta.node.api;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.api.contract.Contract;
import io.bitdelta.node.auth.Authenticator;
import io.bitdelta.node.metrics.NodeMeters;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server of a contract made for a test, and a client. */
public final class TestApi implements AutoCloseable {
    private final NodeServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private TestApi(NodeServer server) {
        this.server = server;
    }

    /** Serves {@code areas} by the contract of the node. */
    public static TestApi of(Path work, Authenticator authenticator, List<ApiArea> areas) {
        return of(work, Contract.load(), authenticator, areas);
    }

    static TestApi of(Path work, Contract contract, Authenticator authenticator, List<ApiArea> areas) {
        return start(ServerSettings.of("127.0.0.1", 0, work, true), contract, authenticator, Lending.NONE, areas);
    }

    static TestApi start(
            ServerSettings settings,
            Contract contract,
            Authenticator authenticator,
            Lending lending,
            List<ApiArea> areas) {
        return new TestApi(NodeServer.start(
                settings,
                new NodeServer.Parts(
                        contract, areas, authenticator, lending, new Nothing(), new NodeMeters(List.of()))));
    }

    /** No content. */
    private static final class Nothing implements BlockSource {
        @Override
        public Optional<Block> get(Cid cid) {
            return Optional.empty();
        }

        @Override
        public boolean has(Cid cid) {
            return false;
        }

        @Override
        public String name() {
            return "nothing";
        }
    }

    static Contract contract(String paths) {
        return Contract.of(("openapi: 3.1.0\ninfo: { title: test, version: \"1\" }\npaths:\n" + paths)
                .getBytes(StandardCharsets.UTF_8));
    }

    public int port() {
        return server.port();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** An answer. */
    public record Answer(int status, HttpResponse<byte[]> response) {
        public JsonNode json() {
            return JsonMapper.shared().readTree(response.body());
        }

        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    public Answer get(String path, String... headers) {
        return send(path, request -> {
            request.GET();
            if (headers.length > 0) {
                request.headers(headers);
            }
        });
    }

    public Answer post(String path, String body, String... headers) {
        return send(path, request -> {
            request.POST(HttpRequest.BodyPublishers.ofString(body)).header("Content-Type", "application/json");
            if (headers.length > 0) {
                request.headers(headers);
            }
        });
    }

    public Answer send(String path, Consumer<HttpRequest.Builder> how) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        how.accept(request);
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response);
        } catch (IOException broken) {
            throw new AssertionError(path, broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(path, interrupted);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
