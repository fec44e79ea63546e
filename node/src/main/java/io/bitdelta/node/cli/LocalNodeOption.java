package io.bitdelta.node.cli;

import io.bitdelta.attestation.sign.Keystore;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.local.LocalNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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
                    "Keystore file of the account that pays for transactions; a test chain's is made when left out.")
    private @Nullable Path relayer;

    @Option(
            names = "--relayer-password-file",
            paramLabel = "FILE",
            description = "File whose first line is the password of the relayer's keystore.")
    private @Nullable Path relayerPassword;

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
        return LocalNode.open(folder(), config(), relayerKey(), Clock.systemUTC());
    }

    private Optional<Secp256k1Key> relayerKey() throws IOException {
        if (relayer == null) {
            return Optional.empty();
        }
        if (relayerPassword == null) {
            throw CommandException.usage("--relayer needs --relayer-password-file");
        }
        char[] password =
                Files.readString(relayerPassword).lines().findFirst().orElse("").toCharArray();
        return Optional.of(Keystore.open(relayer, password));
    }
}
