package io.bitdelta.node.cli.key;

import io.bitdelta.attestation.sign.Keystore;
import io.bitdelta.node.cli.DataOption;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;

/** Mixin: the data folder whose {@code keys} folder holds the keystore. */
public final class KeyFolder {
    @Mixin
    private DataOption data;

    /** Called by picocli. */
    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    public KeyFolder() {}

    /** The keystore. */
    public Keystore keystore() {
        return Keystore.at(data.folder().resolve("keys"));
    }

    /** The data folder. */
    public Path data() {
        return data.folder();
    }
}
