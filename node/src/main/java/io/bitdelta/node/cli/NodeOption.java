package io.bitdelta.node.cli;

import io.bitdelta.node.client.ApiClient;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Mixin for commands that can ask a running node instead of opening a data folder. */
public final class NodeOption {
    @Option(
            names = "--node",
            paramLabel = "URL",
            description = "Ask the node at this address, e.g. http://127.0.0.1:8480.")
    private @Nullable URI node;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "Session token or API key for --node; better in the variable BITDELTA_TOKEN, where other users' process lists do not show it.")
    private @Nullable String token;

    /** A client of the node, if one was named; the caller closes it. */
    public Optional<ApiClient> client() {
        return node == null ? Optional.empty() : Optional.of(open(node));
    }

    /** The address that was named. */
    public Optional<URI> address() {
        return Optional.ofNullable(node);
    }

    private ApiClient open(URI address) {
        try {
            return new ApiClient(address, credential());
        } catch (IllegalArgumentException unusable) {
            throw CommandException.usage("--node " + unusable.getMessage());
        }
    }

    private Optional<String> credential() {
        String given = token == null ? System.getenv("BITDELTA_TOKEN") : token;
        return given == null || given.isBlank() ? Optional.empty() : Optional.of(given.strip());
    }
}
