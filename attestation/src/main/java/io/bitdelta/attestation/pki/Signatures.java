package io.bitdelta.attestation.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;

/** The few signature algorithms of these technologies: ECDSA on P-256 and P-384, RSASSA-PSS with SHA-384. */
public final class Signatures {
    private static final int PSS_SALT = 48;
    private static final int MIN_RSA_BITS = 3072;

    private Signatures() {}

    /**
     * Verifies an X.509-style signature (DER for ECDSA).
     *
     * @throws PkiException when the algorithm is none of the accepted
     */
    static boolean verify(PublicKey key, AlgorithmIdentifier algorithm, byte[] message, byte[] signature) {
        ASN1ObjectIdentifier oid = algorithm.getAlgorithm();
        try {
            Signature verifier;
            if (oid.equals(X9ObjectIdentifiers.ecdsa_with_SHA256)) {
                verifier = Signature.getInstance("SHA256withECDSA");
            } else if (oid.equals(X9ObjectIdentifiers.ecdsa_with_SHA384)) {
                verifier = Signature.getInstance("SHA384withECDSA");
            } else if (oid.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
                requireSha384Pss(RSASSAPSSparams.getInstance(algorithm.getParameters()));
                verifier = Signature.getInstance("RSASSA-PSS");
                verifier.setParameter(new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, PSS_SALT, 1));
            } else {
                throw new PkiException("signature algorithm " + oid + " is not accepted");
            }
            return verify(verifier, key, message, signature);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new PkiException("signature algorithm " + oid + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static void requireSha384Pss(RSASSAPSSparams params) {
        if (!params.getHashAlgorithm().getAlgorithm().equals(NISTObjectIdentifiers.id_sha384)
                || params.getSaltLength().intValue() != PSS_SALT
                || params.getTrailerField().intValue() != 1) {
            throw new PkiException("RSASSA-PSS with other parameters than SHA-384 and a salt of 48 bytes");
        }
    }

    /** Verifies ECDSA with SHA-256 on P-256; the signature is r and s of 32 bytes each. */
    public static boolean p256(PublicKey key, byte[] message, byte[] rs) {
        return raw("SHA256withECDSAinP1363Format", key, message, rs);
    }

    /** Verifies ECDSA with SHA-384 on P-384; the signature is r and s of 48 bytes each. */
    public static boolean p384(PublicKey key, byte[] message, byte[] rs) {
        return raw("SHA384withECDSAinP1363Format", key, message, rs);
    }

    private static boolean raw(String algorithm, PublicKey key, byte[] message, byte[] rs) {
        try {
            return verify(Signature.getInstance(algorithm), key, message, rs);
        } catch (GeneralSecurityException e) {
            throw new PkiException(algorithm + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static boolean verify(Signature verifier, PublicKey key, byte[] message, byte[] signature) {
        try {
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            // A signature of a wrong shape or a key of another kind is simply no signature of this key.
            return false;
        }
    }

    /**
     * The public key of a certificate.
     *
     * @throws PkiException when it is neither on P-256 or P-384 nor RSA of at least 3072 bits
     */
    static PublicKey key(SubjectPublicKeyInfo info) {
        try {
            ASN1ObjectIdentifier kind = info.getAlgorithm().getAlgorithm();
            X509EncodedKeySpec spec = new X509EncodedKeySpec(info.getEncoded(ASN1Encoding.DER));
            if (kind.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
                ECPublicKey key = (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(spec);
                int bits = key.getParams().getOrder().bitLength();
                X9ECParameters curve =
                        switch (bits) {
                            case 256 -> CustomNamedCurves.getByName("secp256r1");
                            case 384 -> CustomNamedCurves.getByName("secp384r1");
                            default -> throw new PkiException("elliptic curve of " + bits + " bits is not accepted");
                        };
                // The platform's key factory takes points that are off the curve; decoding here does not.
                curve.getCurve().decodePoint(info.getPublicKeyData().getBytes());
                return key;
            }
            if (kind.equals(PKCSObjectIdentifiers.rsaEncryption) || kind.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
                RSAPublicKey key = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec);
                if (key.getModulus().bitLength() < MIN_RSA_BITS) {
                    throw new PkiException("RSA key of " + key.getModulus().bitLength() + " bits is too short");
                }
                return key;
            }
            throw new PkiException("public key algorithm " + kind + " is not accepted");
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new PkiException("unreadable public key: " + e.getMessage(), e);
        }
    }

    /**
     * A P-256 key from its coordinates.
     *
     * @param xy 64 bytes, x then y, big-endian
     * @throws PkiException when the point is not on the curve
     */
    public static PublicKey p256Key(byte[] xy) {
        BigInteger x = new BigInteger(1, xy, 0, 32);
        BigInteger y = new BigInteger(1, xy, 32, 32);
        try {
            CustomNamedCurves.getByName("secp256r1").getCurve().validatePoint(x, y);
            return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), P256.PARAMETERS));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new PkiException("the key is not on P-256: " + e.getMessage(), e);
        }
    }

    /** Holds the platform's parameters of the curve, looked up once. */
    private static final class P256 {
        static final ECParameterSpec PARAMETERS = parameters();

        private static ECParameterSpec parameters() {
            try {
                AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
                parameters.init(new ECGenParameterSpec("secp256r1"));
                return parameters.getParameterSpec(ECParameterSpec.class);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this platform lacks the curve P-256", e);
            }
        }
    }
}
