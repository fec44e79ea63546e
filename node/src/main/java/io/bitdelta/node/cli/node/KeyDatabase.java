package io.bitdelta.node.cli.node;

import io.bitdelta.node.auth.ApiKeys;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.DataOption;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mixin: the database of a node's API keys. It can be opened while the node runs: a key is good, or revoked, at once. */
final class KeyDatabase {
    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration; default: config.yaml in the data folder, else everything embedded.")
    private @Nullable Path config;

    /** What is done with the keys. */
    interface Work<T> {
        T run(ApiKeys keys);
    }

    <T> T with(Work<T> work) {
        Path folder = data.folder();
        if (!Files.isDirectory(folder)) {
            throw CommandException.usage(
                    "%s is no data folder: start a node on it first, or name another with --data".formatted(folder));
        }
        NodeConfig settings = NodeConfig.load(folder, Optional.ofNullable(config));
        try (Database database = Database.open(settings.database().settings(folder.resolve("bitdelta.sqlite")))) {
            return work.run(new ApiKeys(database, new SecureRandom(), Clock.systemUTC()));
        }
    }
}
