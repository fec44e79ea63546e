package io.bitdelta.node.cli;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.Keystore;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.cli.key.Password;
import io.bitdelta.node.publish.OwnerSigner;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mixin: an owner who signs with a keystore file. The key stays in this process for one command. */
public final class KeystoreOwner {
    @Option(names = "--key", required = true, paramLabel = "FILE", description = "The owner's keystore file.")
    private Path file = Path.of("");

    @Mixin
    private Password password = new Password();

    /** Opens the keystore. */
    public OwnerSigner signer() throws IOException {
        Secp256k1Key key = Keystore.open(file, password.read("the owner's key"));
        return new OwnerSigner() {
            @Override
            public String address() {
                return key.address().hex();
            }

            @Override
            public EvmSignature sign(Bytes32 digest) {
                return key.sign(digest);
            }
        };
    }
}
