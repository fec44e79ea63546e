package io.bitdelta.attestation.envelope;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.agreement.X25519Agreement;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;

/**
 * Encapsulates a 32-byte shared secret for a recipient: both secrets and the whole transcript go into HKDF-SHA256, so the
 * result is secret as long as either X25519 or ML-KEM-768 holds.
 */
final class HybridKem {
    /** Length of an encapsulation: an ephemeral X25519 key and an ML-KEM-768 ciphertext. */
    static final int LENGTH = 32 + 1088;

    private static final byte[] LABEL = "bitdelta.envelope.v1".getBytes(StandardCharsets.US_ASCII);

    private HybridKem() {}

    /** Fills {@code encapsulation} and gives the secret. */
    static byte[] encapsulate(RecipientPublicKey recipient, SecureRandom random, byte[] encapsulation) {
        X25519PrivateKeyParameters ephemeral = new X25519PrivateKeyParameters(random);
        byte[] classical = agree(ephemeral, recipient.x25519());
        SecretWithEncapsulation quantum = new MLKEMGenerator(random).generateEncapsulated(recipient.mlkem());
        System.arraycopy(ephemeral.generatePublicKey().getEncoded(), 0, encapsulation, 0, 32);
        System.arraycopy(quantum.getEncapsulation(), 0, encapsulation, 32, 1088);
        return combine(quantum.getSecret(), classical, encapsulation, recipient);
    }

    /** The secret of an encapsulation; throws {@link IllegalStateException} for an X25519 point of small order. */
    static byte[] decapsulate(RecipientPrivateKey recipient, byte[] encapsulation) {
        byte[] classical = agree(recipient.x25519(), new X25519PublicKeyParameters(encapsulation, 0));
        byte[] quantum =
                new MLKEMExtractor(recipient.mlkem()).extractSecret(Arrays.copyOfRange(encapsulation, 32, LENGTH));
        return combine(quantum, classical, encapsulation, recipient.publicKey());
    }

    private static byte[] agree(X25519PrivateKeyParameters secret, X25519PublicKeyParameters peer) {
        X25519Agreement agreement = new X25519Agreement();
        agreement.init(secret);
        byte[] out = new byte[32];
        agreement.calculateAgreement(peer, out, 0);
        return out;
    }

    private static byte[] combine(
            byte[] quantum, byte[] classical, byte[] encapsulation, RecipientPublicKey recipient) {
        byte[] secrets = Arrays.copyOf(quantum, 64);
        System.arraycopy(classical, 0, secrets, 32, 32);
        byte[] id = recipient.id().bytes();
        byte[] info = Arrays.copyOf(LABEL, LABEL.length + LENGTH + id.length);
        System.arraycopy(encapsulation, 0, info, LABEL.length, LENGTH);
        System.arraycopy(id, 0, info, LABEL.length + LENGTH, id.length);
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(secrets, null, info));
        byte[] out = new byte[32];
        hkdf.generateBytes(out, 0, out.length);
        Arrays.fill(secrets, (byte) 0);
        Arrays.fill(quantum, (byte) 0);
        Arrays.fill(classical, (byte) 0);
        return out;
    }
}
