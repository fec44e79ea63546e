package io.bitdelta.node.cli;

import io.bitdelta.attestation.sign.Keystore;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.local.LocalNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mixin for commands that open a node on a data folder. */
public final class LocalNodeOption {
    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration; default: config.yaml in the data folder, else everything embedded.")
    private @Nullable Path config;

    @Option(
            names = "--relayer",
            paramLabel = "FILE",
            description =
                    "Keystore file of an account that sends and pays for transactions; may be given several times, each with its own --relayer-password-file. Default: relayer.keys of the configuration; a test chain's are made when there are none.")
    private List<Path> relayers = List.of();

    @Option(
            names = "--relayer-password-file",
            paramLabel = "FILE",
            description = "File whose first line is the password of the --relayer at the same place.")
    private List<Path> relayerPasswords = List.of();

    /** The data folder. */
    public Path folder() {
        return data.folder();
    }

    /** The configuration in force. */
    public NodeConfig config() {
        return store.in(NodeConfig.load(folder(), Optional.ofNullable(config)));
    }

    /** Opens the node; the caller closes it. */
    public LocalNode open() throws IOException {
        return LocalNode.open(folder(), config(), relayerKeys(), Faults.NONE, Clock.systemUTC());
    }

    private List<Secp256k1Key> relayerKeys() throws IOException {
        if (relayers.size() != relayerPasswords.size()) {
            throw CommandException.usage(
                    "%d --relayer and %d --relayer-password-file: each keystore has its own password file, in the same order"
                            .formatted(relayers.size(), relayerPasswords.size()));
        }
        List<Secp256k1Key> keys = new ArrayList<>();
        for (int i = 0; i < relayers.size(); i++) {
            char[] password = Files.readString(relayerPasswords.get(i))
                    .lines()
                    .findFirst()
                    .orElse("")
                    .toCharArray();
            keys.add(Keystore.open(relayers.get(i), password));
        }
        return distinct(keys);
    }

    private static List<Secp256k1Key> distinct(List<Secp256k1Key> keys) {
        if (keys.stream().map(Secp256k1Key::address).distinct().count() < keys.size()) {
            throw CommandException.usage("--relayer: the same account twice");
        }
        return keys;
    }
}
