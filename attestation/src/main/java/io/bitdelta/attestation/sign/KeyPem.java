package io.bitdelta.attestation.sign;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * Key files that other programs read: PKCS #8 and SubjectPublicKeyInfo in PEM, for P-256 (RFC 5915, RFC 5480), Ed25519 (RFC
 * 8410) and ML-DSA-65 (RFC 9881, the seed). Account keys (secp256k1) are {@link Keystore} files.
 */
public final class KeyPem {
    private static final String SECRET = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    private static final AlgorithmIdentifier P256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);
    private static final AlgorithmIdentifier ED25519 = new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
    private static final AlgorithmIdentifier ML_DSA_65 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_ml_dsa_65);

    private KeyPem() {}

    /** A public key and what it is for. */
    public static final class PublicKey {
        private final SignatureScheme scheme;
        private final byte[] bytes;

        private PublicKey(SignatureScheme scheme, byte[] bytes) {
            this.scheme = scheme;
            this.bytes = bytes.clone();
        }

        /** The scheme. */
        public SignatureScheme scheme() {
            return scheme;
        }

        /** The key in the scheme's encoding. */
        public byte[] bytes() {
            return bytes.clone();
        }
    }

    /**
     * The secret of a key, unencrypted.
     *
     * @throws SignatureException for a key whose secret is an account's or stays in a token
     */
    public static byte[] secret(SigningKey key) {
        try {
            PrivateKeyInfo info =
                    switch (key) {
                        case SigningKey.P256 p256 ->
                            new PrivateKeyInfo(
                                    P256,
                                    new ECPrivateKey(
                                            256,
                                            p256.key().getD(),
                                            new DERBitString(uncompressed(key.publicKey())),
                                            SECObjectIdentifiers.secp256r1));
                        case SigningKey.Ed25519 ed25519 ->
                            new PrivateKeyInfo(
                                    ED25519, new DEROctetString(ed25519.key().getEncoded()));
                        case SigningKey.MlDsa mlDsa ->
                            new PrivateKeyInfo(
                                    ML_DSA_65,
                                    new DERTaggedObject(
                                            false,
                                            0,
                                            new DEROctetString(mlDsa.key().getSeed())));
                        default ->
                            throw new SignatureException("the secret of a "
                                    + key.scheme().word() + " key of this kind is not written to such a file");
                    };
            return pem(SECRET, info.getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a key in memory cannot be encoded", e);
        }
    }

    /**
     * A public key.
     *
     * @throws SignatureException for accounts, which are known by their address
     */
    public static byte[] open(SigningKey key) {
        AlgorithmIdentifier algorithm =
                switch (key.scheme()) {
                    case P256 -> P256;
                    case ED25519 -> ED25519;
                    case ML_DSA_65 -> ML_DSA_65;
                    case SECP256K1 -> throw new SignatureException("an account is known by its address");
                };
        try {
            byte[] bytes = key.scheme() == SignatureScheme.P256 ? uncompressed(key.publicKey()) : key.publicKey();
            return pem(PUBLIC, new SubjectPublicKeyInfo(algorithm, bytes).getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a key in memory cannot be encoded", e);
        }
    }

    /**
     * Reads what {@link #secret} writes, and what other programs write in these formats without a password.
     *
     * @throws SignatureException when it is another document or another kind of key
     */
    public static SigningKey readSecret(byte[] file) {
        byte[] der = content(file, SECRET);
        try {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(der);
            AlgorithmIdentifier algorithm = info.getPrivateKeyAlgorithm();
            ASN1Encodable key = info.parsePrivateKey();
            if (algorithm.equals(P256)) {
                return SigningKey.of(
                        SignatureScheme.P256,
                        BigIntegers.asUnsignedByteArray(
                                SigningKey.SECRET_LENGTH,
                                ECPrivateKey.getInstance(key).getKey()));
            }
            if (is(algorithm, EdECObjectIdentifiers.id_Ed25519)) {
                return SigningKey.of(
                        SignatureScheme.ED25519,
                        ASN1OctetString.getInstance(key).getOctets());
            }
            if (is(algorithm, NISTObjectIdentifiers.id_ml_dsa_65)) {
                if (!(key instanceof ASN1TaggedObject seed) || seed.getTagNo() != 0) {
                    throw new SignatureException("the ML-DSA-65 key is not written as its seed");
                }
                return SigningKey.of(
                        SignatureScheme.ML_DSA_65,
                        ASN1OctetString.getInstance(seed, false).getOctets());
            }
            throw new SignatureException("keys of algorithm " + algorithm.getAlgorithm() + " are not known here");
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw new SignatureException("no PKCS #8 key: " + e.getMessage(), e);
        }
    }

    /**
     * Reads what {@link #open} writes, and what other programs write in this format.
     *
     * @throws SignatureException when it is another document or another kind of key
     */
    public static PublicKey readOpen(byte[] file) {
        byte[] der = content(file, PUBLIC);
        try {
            SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(der);
            AlgorithmIdentifier algorithm = info.getAlgorithm();
            byte[] key = info.getPublicKeyData().getOctets();
            if (algorithm.equals(P256)) {
                return checked(SignatureScheme.P256, point(key).getEncoded(true));
            }
            if (is(algorithm, EdECObjectIdentifiers.id_Ed25519)) {
                return checked(SignatureScheme.ED25519, key);
            }
            if (is(algorithm, NISTObjectIdentifiers.id_ml_dsa_65)) {
                return checked(SignatureScheme.ML_DSA_65, key);
            }
            throw new SignatureException("keys of algorithm " + algorithm.getAlgorithm() + " are not known here");
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new SignatureException("no public key: " + e.getMessage(), e);
        }
    }

    private static PublicKey checked(SignatureScheme scheme, byte[] key) {
        if (key.length != scheme.publicKeyLength()) {
            throw new SignatureException(
                    scheme.word() + " key has " + key.length + " bytes, not " + scheme.publicKeyLength());
        }
        return new PublicKey(scheme, key);
    }

    /** Points are compressed here; not every program reads that from a file. */
    private static byte[] uncompressed(byte[] key) {
        return point(key).getEncoded(false);
    }

    private static ECPoint point(byte[] encoded) {
        return CustomNamedCurves.getByName("secp256r1").getCurve().decodePoint(encoded);
    }

    private static boolean is(AlgorithmIdentifier algorithm, ASN1ObjectIdentifier wanted) {
        return algorithm.getAlgorithm().equals(wanted) && algorithm.getParameters() == null;
    }

    private static byte[] pem(String type, byte[] der) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, der));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] content(byte[] file, String type) {
        try (PemReader reader = new PemReader(new StringReader(new String(file, StandardCharsets.US_ASCII)))) {
            PemObject object = reader.readPemObject();
            if (object == null || !object.getType().equals(type)) {
                throw new SignatureException(
                        "no PEM text with a " + type + (object == null ? "" : ", but one with a " + object.getType()));
            }
            return object.getContent();
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw new SignatureException("unreadable PEM: " + e.getMessage(), e);
        }
    }
}
