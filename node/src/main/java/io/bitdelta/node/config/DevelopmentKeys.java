package io.bitdelta.node.config;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.Keystore;
import io.bitdelta.attestation.sign.Secp256k1Key;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/**
 * Named keys for test chains: made on first use, stored as keystore files whose password lies beside them. Good enough for
 * money that is worth nothing, and for nothing else.
 */
public final class DevelopmentKeys {
    /** Scrypt cost: the password is on the same disk, so a slow derivation would protect nothing. */
    private static final int COST = 1 << 12;

    private final Path folder;
    private final SecureRandom random;

    /** @param folder {@code keys/} of a data folder */
    public DevelopmentKeys(Path folder, SecureRandom random) {
        this.folder = folder;
        this.random = random;
    }

    /** The key of this name, made if it is not there. */
    public Secp256k1Key named(String name) throws IOException {
        Path own = folder.resolve("development").resolve(name);
        Files.createDirectories(own);
        Keystore keystore = Keystore.at(own, COST);
        char[] password = password();
        List<EvmAddress> known = keystore.list();
        return known.isEmpty() ? keystore.create(password, random) : keystore.load(known.getFirst(), password);
    }

    private char[] password() throws IOException {
        Path file = folder.resolve("development").resolve("password");
        if (!Files.exists(file)) {
            byte[] secret = new byte[32];
            random.nextBytes(secret);
            DurableFiles.writeSecret(file, HexText.of(secret).getBytes(StandardCharsets.US_ASCII));
        }
        return Files.readString(file, StandardCharsets.US_ASCII).strip().toCharArray();
    }
}
