package io.bitdelta.node.cli.sign;

import io.bitdelta.attestation.sign.KeyPem;
import io.bitdelta.attestation.sign.Pkcs11Key;
import io.bitdelta.attestation.sign.SecretFile;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.attestation.sign.SigningKey;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.key.Password;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.ProviderException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mixin: a signing key in a file or in a token. */
final class KeyChoice {
    @ArgGroup(multiplicity = "1")
    private Where where = new Where();

    @Mixin
    private Password password = new Password();

    KeyChoice() {}

    /** One of two places. */
    static final class Where {
        @Option(
                names = "--key",
                paramLabel = "FILE",
                description = "Secret key: PKCS 8 in PEM, as 'sign key' makes it.")
        private @Nullable Path file;

        @ArgGroup(exclusive = false)
        private @Nullable Token token;
    }

    /** A PKCS#11 token. */
    static final class Token {
        @Option(
                names = "--token",
                required = true,
                paramLabel = "LIBRARY",
                description =
                        "PKCS#11 library of a token that holds a P-256 key with a certificate; its PIN is the password.")
        private Path library = Path.of("");

        @Option(names = "--label", required = true, paramLabel = "LABEL", description = "The key's label in the token.")
        private String label = "";

        @Option(
                names = "--slot",
                paramLabel = "N",
                defaultValue = "0",
                description = "Place in the library's list of slots (default: ${DEFAULT-VALUE}).")
        private int slot;
    }

    SigningKey open() throws IOException {
        if (where.file != null) {
            return KeyPem.readSecret(SecretFile.read(where.file));
        }
        Token token = where.token;
        if (token == null || !Files.isRegularFile(token.library)) {
            throw CommandException.usage("--token: there is no library " + (token == null ? "" : token.library));
        }
        char[] pin = password.read("the token");
        try {
            Provider provider = Pkcs11Key.provider("bitdelta", token.library, token.slot);
            return Pkcs11Key.open(provider, Pkcs11Key.login(provider, pin), token.label);
        } catch (GeneralSecurityException | ProviderException e) {
            throw new SignatureException("the token cannot be used: " + e.getMessage(), e);
        } finally {
            Arrays.fill(pin, '\0');
        }
    }
}
