package io.bitdelta.node.cli.node;

import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code node status}. */
@Command(
        name = "status",
        description = "Ask a running node whether it is ready.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta node status --node http://127.0.0.1:8480"})
final class NodeStatus implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Option(
            names = "--node",
            paramLabel = "URL",
            description = "The node; default: where the configuration says it listens.")
    private @Nullable URI node;

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        URI asked = node == null
                ? URI.create("http://%s:%d"
                        .formatted(
                                local.config().http().host(),
                                local.config().http().port()))
                : node;
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(asked.resolve("/health/ready"))
                            .timeout(TIMEOUT)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            boolean ready = answer.statusCode() == 200;
            output.result(
                    Map.of("node", asked.toString(), "ready", ready),
                    out -> out.println(asked + (ready ? " is ready" : " is not ready: " + answer.body())));
            return ready ? ExitCode.OK : ExitCode.FAILURE;
        } catch (IOException silent) {
            throw CommandException.failure(
                    "no node answers at %s: start one with 'bitdelta node start'".formatted(asked));
        }
    }
}
