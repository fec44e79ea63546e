package io.bitdelta.attestation.envelope;

import io.bitdelta.attestation.bytes.Bytes32;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;

/** A recipient's public key: 32 bytes of X25519, then 1184 bytes of ML-KEM-768. Published as a DID attribute. */
public final class RecipientPublicKey {
    /** Length in bytes. */
    public static final int LENGTH = 32 + 1184;

    private final byte[] bytes;

    private RecipientPublicKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Parses.
     *
     * @throws IllegalArgumentException when the length is another or the ML-KEM part is not reduced (FIPS 203 section
     *     7.2)
     */
    public static RecipientPublicKey of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("recipient key has " + bytes.length + " bytes, not " + LENGTH);
        }
        RecipientPublicKey key = new RecipientPublicKey(bytes.clone());
        byte[] encoded = key.mlkem().getEncoded();
        if (!Arrays.equals(encoded, 0, encoded.length, bytes, 32, LENGTH) || !key.reduced()) {
            throw new IllegalArgumentException("the ML-KEM-768 part of the recipient key is not in its one form");
        }
        return key;
    }

    private boolean reduced() {
        // 768 coefficients of 12 bits, two in three bytes, each below q = 3329.
        for (int i = 32; i < 32 + 1152; i += 3) {
            int low = (bytes[i] & 0xff) | ((bytes[i + 1] & 0x0f) << 8);
            int high = ((bytes[i + 1] & 0xff) >> 4) | ((bytes[i + 2] & 0xff) << 4);
            if (low >= 3329 || high >= 3329) {
                return false;
            }
        }
        return true;
    }

    /** The 1216 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** SHA-256 of the bytes. */
    public Bytes32 id() {
        try {
            return Bytes32.of(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    X25519PublicKeyParameters x25519() {
        return new X25519PublicKeyParameters(bytes, 0);
    }

    MLKEMPublicKeyParameters mlkem() {
        return new MLKEMPublicKeyParameters(MLKEMParameters.ml_kem_768, Arrays.copyOfRange(bytes, 32, LENGTH));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecipientPublicKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
