package io.bitdelta.node.cli.node;

import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.NodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.client.NodeRefusedException;
import io.bitdelta.node.client.NodeSilentException;
import io.bitdelta.node.config.HttpConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code node status}. */
@Command(
        name = "status",
        description =
                "Ask a running node, that of the data folder or the one at --node, whether it is ready, what it is and what is unsafe about how it was set up. Of a stopped node its data folder tells how far it has read the chain, and what it has to do.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta node status --data ./data",
            "  bitdelta node status --node https://node.example",
            "",
            "Exit code 1 when it is not ready, or stopped."
        })
final class NodeStatus implements Callable<Integer> {
    @Mixin
    private NodeOption remote = new NodeOption();

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        Optional<ApiClient> named = remote.client();
        try (ApiClient node = named.isPresent() ? named.get() : here()) {
            return running(node);
        } catch (NodeSilentException silent) {
            Optional<LeftWork> left = named.isPresent() ? Optional.empty() : LeftWork.in(local);
            return stopped(left.orElseThrow(() -> silent));
        }
    }

    private int stopped(LeftWork left) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("stopped", true);
        json.put("ready", false);
        json.put("indexedBlock", left.indexedBlock());
        json.put("openJobs", left.openJobs());
        output.result(json, out -> {
            out.println("the node of " + local.folder() + " is stopped");
            out.println("indexed to block " + left.indexedBlock());
            left.openJobs().forEach((state, count) -> out.printf("jobs      %-10s %d%n", state, count));
        });
        return ExitCode.FAILURE;
    }

    private int running(ApiClient node) throws Exception {
        Optional<String> missing = missing(node);
        JsonNode info = node.get("/api/node");
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("node", node.address().toString());
        json.put("ready", missing.isEmpty());
        info.properties().forEach(entry -> json.put(entry.getKey(), entry.getValue()));
        output.result(json, out -> {
            out.println(
                    node.address() + missing.map(why -> " is not ready: " + why).orElse(" is ready"));
            out.println("chain " + info.path("chainId").asString() + ", indexed to block "
                    + info.path("indexedBlock").asString());
            info.path("warnings").forEach(warning -> out.println("warning: " + warning.stringValue("")));
        });
        return missing.isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
    }

    /** The node of the data folder: where it noted that it listens, else where the configuration says. */
    private ApiClient here() throws IOException {
        HttpConfig http = local.config().http();
        URI configured = URI.create(
                "%s://%s:%d".formatted(http.certificates().isEmpty() ? "http" : "https", http.host(), http.port()));
        return new ApiClient(Serving.at(local.folder()).orElse(configured), Optional.empty());
    }

    /** What keeps the node from being ready; a node that does not answer at all is the caller's news. */
    private static Optional<String> missing(ApiClient node) throws Exception {
        node.get("/health/live");
        try (InputStream ready =
                node.send(node.request("/health/ready").GET().build()).body()) {
            ready.readAllBytes();
            return Optional.empty();
        } catch (NodeRefusedException notReady) {
            return Optional.of(String.valueOf(notReady.getMessage()));
        }
    }
}
