package io.bitdelta.attestation.envelope;

import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;

/** A recipient's secret: 32 bytes of X25519, then the 64-byte seed of ML-KEM-768 (d, z of FIPS 203). Never printed. */
public final class RecipientPrivateKey {
    /** Length in bytes. */
    public static final int LENGTH = 32 + 64;

    private final X25519PrivateKeyParameters x25519;
    private final MLKEMPrivateKeyParameters mlkem;
    private final byte[] secret;

    private RecipientPrivateKey(byte[] secret) {
        this.secret = secret;
        x25519 = new X25519PrivateKeyParameters(secret, 0);
        mlkem = new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, Arrays.copyOfRange(secret, 32, LENGTH));
    }

    /** A fresh key. */
    public static RecipientPrivateKey generate(SecureRandom random) {
        byte[] secret = new byte[LENGTH];
        random.nextBytes(secret);
        return new RecipientPrivateKey(secret);
    }

    /**
     * A key from its 96 bytes.
     *
     * @throws IllegalArgumentException when the length is another
     */
    public static RecipientPrivateKey of(byte[] secret) {
        if (secret.length != LENGTH) {
            throw new IllegalArgumentException("recipient secret has " + secret.length + " bytes, not " + LENGTH);
        }
        return new RecipientPrivateKey(secret.clone());
    }

    /** The public half. */
    public RecipientPublicKey publicKey() {
        byte[] out = Arrays.copyOf(x25519.generatePublicKey().getEncoded(), RecipientPublicKey.LENGTH);
        byte[] kem = mlkem.getPublicKey();
        System.arraycopy(kem, 0, out, 32, kem.length);
        return RecipientPublicKey.of(out);
    }

    /** The 96 bytes; the caller wipes them. */
    public byte[] bytes() {
        return secret.clone();
    }

    X25519PrivateKeyParameters x25519() {
        return x25519;
    }

    MLKEMPrivateKeyParameters mlkem() {
        return mlkem;
    }

    @Override
    public String toString() {
        return "RecipientPrivateKey[" + publicKey().id() + "]";
    }
}
