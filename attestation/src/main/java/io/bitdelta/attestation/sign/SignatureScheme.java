package io.bitdelta.attestation.sign;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.MLDSASigner;

/** The signature schemes of owners. Each has one accepted form per signature. */
public enum SignatureScheme {
    /** Accounts: the public key is the 20-byte address, the signature 65 bytes over Keccak-256 of the message. */
    SECP256K1("secp256k1", 20, EvmSignature.LENGTH) {
        @Override
        boolean holds(byte[] publicKey, byte[] message, byte[] signature) {
            Bytes32 digest = Keccak256.of(message);
            return EvmSignature.parse(signature).recover(digest).equals(EvmAddress.of(publicKey));
        }
    },
    /** ECDSA on P-256 with SHA-256: the key is a compressed point, the signature r and s, s low. */
    P256("p256", 33, 64) {
        @Override
        boolean holds(byte[] publicKey, byte[] message, byte[] signature) {
            X9ECParameters curve = CustomNamedCurves.getByName("secp256r1");
            ECDomainParameters domain = new ECDomainParameters(curve);
            BigInteger r = new BigInteger(1, signature, 0, 32);
            BigInteger s = new BigInteger(1, signature, 32, 32);
            if (s.compareTo(curve.getN().shiftRight(1)) > 0) {
                throw new SignatureException("signature s is above n/2 (a second form of the same signature)");
            }
            ECDSASigner verifier = new ECDSASigner();
            verifier.init(false, new ECPublicKeyParameters(curve.getCurve().decodePoint(publicKey), domain));
            return verifier.verifySignature(sha256(message), r, s);
        }
    },
    /** Ed25519 (RFC 8032), pure. */
    ED25519("ed25519", 32, 64) {
        @Override
        boolean holds(byte[] publicKey, byte[] message, byte[] signature) {
            Ed25519Signer verifier = new Ed25519Signer();
            verifier.init(false, new Ed25519PublicKeyParameters(publicKey));
            verifier.update(message, 0, message.length);
            return verifier.verifySignature(signature);
        }
    },
    /** ML-DSA-65 (FIPS 204), pure, empty context: the post-quantum second signature. */
    ML_DSA_65("ml-dsa-65", 1952, 3309) {
        @Override
        boolean holds(byte[] publicKey, byte[] message, byte[] signature) {
            MLDSASigner verifier = new MLDSASigner();
            verifier.init(false, new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_65, publicKey));
            verifier.update(message, 0, message.length);
            return verifier.verifySignature(signature);
        }
    };

    private final String word;
    private final int publicKeyLength;
    private final int signatureLength;

    SignatureScheme(String word, int publicKeyLength, int signatureLength) {
        this.word = word;
        this.publicKeyLength = publicKeyLength;
        this.signatureLength = signatureLength;
    }

    /** The lowercase word, e.g. {@code ml-dsa-65}. */
    public String word() {
        return word;
    }

    /** Length of public keys in bytes. */
    public int publicKeyLength() {
        return publicKeyLength;
    }

    /** Length of signatures in bytes. */
    public int signatureLength() {
        return signatureLength;
    }

    /**
     * Whether a signature is of this key and message.
     *
     * @throws SignatureException when key or signature are not well formed (length, curve, range, second form)
     */
    public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        if (publicKey.length != publicKeyLength) {
            throw new SignatureException(word + " key has " + publicKey.length + " bytes, not " + publicKeyLength);
        }
        if (signature.length != signatureLength) {
            throw new SignatureException(
                    word + " signature has " + signature.length + " bytes, not " + signatureLength);
        }
        try {
            return holds(publicKey, message, signature);
        } catch (IllegalArgumentException e) {
            throw new SignatureException(word + " key is not well formed: " + e.getMessage(), e);
        }
    }

    abstract boolean holds(byte[] publicKey, byte[] message, byte[] signature);

    static byte[] sha256(byte[] message) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(message);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
