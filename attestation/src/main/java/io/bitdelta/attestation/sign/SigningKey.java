package io.bitdelta.attestation.sign;

import io.bitdelta.attestation.bytes.Keccak256;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.util.BigIntegers;

/** A key that signs messages in one of the schemes, deterministically. Never prints its secret. */
public interface SigningKey {
    /** Length of the secret of every scheme in bytes: a scalar or a seed. */
    int SECRET_LENGTH = 32;

    /** The scheme. */
    SignatureScheme scheme();

    /** The public key in the scheme's encoding. */
    byte[] publicKey();

    /** The signature in the scheme's one form. */
    byte[] sign(byte[] message);

    /** A fresh key. */
    static SigningKey generate(SignatureScheme scheme, SecureRandom random) {
        if (scheme == SignatureScheme.SECP256K1) {
            return of(scheme, Secp256k1Key.generate(random).privateBytes());
        }
        byte[] secret = new byte[SECRET_LENGTH];
        while (true) {
            random.nextBytes(secret);
            try {
                return of(scheme, secret);
            } catch (SignatureException outOfRange) {
                // A scalar of P-256 that is not in [1, n), once in 2^32 draws: draw again.
            }
        }
    }

    /**
     * A key from its secret: the scalar for secp256k1 and P-256, the seed for Ed25519 and ML-DSA-65.
     *
     * @throws SignatureException when there are not 32 bytes or a scalar is out of range
     */
    static SigningKey of(SignatureScheme scheme, byte[] secret) {
        if (secret.length != SECRET_LENGTH) {
            throw new SignatureException(scheme.word() + " secret has " + secret.length + " bytes, not 32");
        }
        return switch (scheme) {
            case SECP256K1 -> new Account(Secp256k1Key.fromPrivate(secret));
            case P256 -> P256.of(new BigInteger(1, secret));
            case ED25519 -> new Ed25519(new Ed25519PrivateKeyParameters(secret));
            case ML_DSA_65 -> new MlDsa(new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_65, secret.clone()));
        };
    }

    /** secp256k1 over Keccak-256 of the message. */
    record Account(Secp256k1Key key) implements SigningKey {
        @Override
        public SignatureScheme scheme() {
            return SignatureScheme.SECP256K1;
        }

        @Override
        public byte[] publicKey() {
            return key.address().bytes();
        }

        @Override
        public byte[] sign(byte[] message) {
            return key.sign(Keccak256.of(message)).bytes();
        }
    }

    /** ECDSA on P-256, RFC 6979, low s. */
    record P256(ECPrivateKeyParameters key) implements SigningKey {
        private static P256 of(BigInteger scalar) {
            X9ECParameters curve = CustomNamedCurves.getByName("secp256r1");
            if (scalar.signum() == 0 || scalar.compareTo(curve.getN()) >= 0) {
                throw new SignatureException("p256 secret is not in [1, n)");
            }
            return new P256(new ECPrivateKeyParameters(scalar, new ECDomainParameters(curve)));
        }

        @Override
        public SignatureScheme scheme() {
            return SignatureScheme.P256;
        }

        @Override
        public byte[] publicKey() {
            return key.getParameters().getG().multiply(key.getD()).normalize().getEncoded(true);
        }

        @Override
        public byte[] sign(byte[] message) {
            ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
            signer.init(true, key);
            BigInteger[] rs = signer.generateSignature(SignatureScheme.sha256(message));
            BigInteger n = key.getParameters().getN();
            return join(rs[0], rs[1].compareTo(n.shiftRight(1)) > 0 ? n.subtract(rs[1]) : rs[1]);
        }

        static byte[] join(BigInteger r, BigInteger s) {
            byte[] out = Arrays.copyOf(BigIntegers.asUnsignedByteArray(32, r), 64);
            System.arraycopy(BigIntegers.asUnsignedByteArray(32, s), 0, out, 32, 32);
            return out;
        }

        @Override
        public String toString() {
            return "P256[" + HexFormat.of().formatHex(publicKey()) + "]";
        }
    }

    /** Ed25519. */
    record Ed25519(Ed25519PrivateKeyParameters key) implements SigningKey {
        @Override
        public SignatureScheme scheme() {
            return SignatureScheme.ED25519;
        }

        @Override
        public byte[] publicKey() {
            return key.generatePublicKey().getEncoded();
        }

        @Override
        public byte[] sign(byte[] message) {
            Ed25519Signer signer = new Ed25519Signer();
            signer.init(true, key);
            signer.update(message, 0, message.length);
            return signer.generateSignature();
        }
    }

    /** ML-DSA-65, deterministic variant. */
    record MlDsa(MLDSAPrivateKeyParameters key) implements SigningKey {
        @Override
        public SignatureScheme scheme() {
            return SignatureScheme.ML_DSA_65;
        }

        @Override
        public byte[] publicKey() {
            return key.getPublicKey();
        }

        @Override
        public byte[] sign(byte[] message) {
            MLDSASigner signer = new MLDSASigner();
            signer.init(true, key);
            signer.update(message, 0, message.length);
            try {
                return signer.generateSignature();
            } catch (CryptoException e) {
                throw new SignatureException("ML-DSA-65 could not sign: " + e.getMessage(), e);
            }
        }
    }
}
