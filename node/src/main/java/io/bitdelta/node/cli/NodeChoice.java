package io.bitdelta.node.cli;

import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.local.LocalNode;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** Mixin for commands that do the same on a local data folder and, with {@code --node}, on a running node. */
public final class NodeChoice {
    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private NodeOption remote = new NodeOption();

    /** The way over HTTP. */
    @FunctionalInterface
    public interface There<T> {
        /**
         * Asks a running node.
         *
         * @throws IOException when the node's answer cannot be read
         */
        T ask(ApiClient node) throws IOException;
    }

    /** The way through the data folder. */
    @FunctionalInterface
    public interface Here<T> {
        /**
         * Asks the services of the node that was opened.
         *
         * @throws IOException when a file or the chain's folder cannot be used
         */
        T ask(LocalNode node) throws IOException;
    }

    /** The answer of whichever node the caller has named. */
    public <T> T ask(There<T> there, Here<T> here) throws IOException {
        Optional<ApiClient> named = remote.client();
        if (named.isPresent()) {
            try (ApiClient node = named.get()) {
                return there.ask(node);
            }
        }
        try (LocalNode node = local.open()) {
            return here.ask(node);
        }
    }
}
