package io.bitdelta.node.cli.key;

import io.bitdelta.attestation.sign.Keystore;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Mixin: the data folder whose {@code keys} folder holds the keystore. */
public final class KeyFolder {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${sys:user.home}/.bitdelta",
            description = "Data folder; keys are in DIR/keys. Default: ${DEFAULT-VALUE}")
    private Path data;

    /** Called by picocli. */
    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    public KeyFolder() {}

    /** The keystore. */
    public Keystore keystore() {
        return Keystore.at(data.resolve("keys"));
    }

    /** The data folder. */
    public Path data() {
        return data;
    }
}
