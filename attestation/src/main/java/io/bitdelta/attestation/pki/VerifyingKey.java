package io.bitdelta.attestation.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.DSAEncoding;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.jspecify.annotations.Nullable;

/**
 * A public key and the few signature algorithms of these technologies: ECDSA on P-256 with SHA-256 and on P-384 with
 * SHA-384 (FIPS 186-5), RSASSA-PSS with SHA-384 (RFC 8017). Immutable.
 *
 * <p>ECDSA is computed by BouncyCastle: its field arithmetic for these two curves is several times as fast as the
 * platform's where the processor lacks the instructions that the latter is written for.
 */
public final class VerifyingKey {
    private static final int PSS_SALT = 48;
    private static final int MIN_RSA_BITS = 3072;

    private final SubjectPublicKeyInfo info;
    private final @Nullable ECPublicKeyParameters ec;
    private final @Nullable RSAPublicKey rsa;

    private VerifyingKey(SubjectPublicKeyInfo info, @Nullable ECPublicKeyParameters ec, @Nullable RSAPublicKey rsa) {
        this.info = info;
        this.ec = ec;
        this.rsa = rsa;
    }

    /** A curve with its hash. */
    private static final class Curve {
        private static final Curve P256 = new Curve("secp256r1", "SHA-256");
        private static final Curve P384 = new Curve("secp384r1", "SHA-384");

        private final ECDomainParameters domain;
        private final String hash;

        private Curve(String name, String hash) {
            X9ECParameters parameters = CustomNamedCurves.getByName(name);
            this.domain = new ECDomainParameters(
                    parameters.getCurve(), parameters.getG(), parameters.getN(), parameters.getH());
            this.hash = hash;
        }
    }

    /**
     * The public key of a certificate.
     *
     * @throws PkiException when it is neither on P-256 or P-384 nor RSA of at least 3072 bits
     */
    static VerifyingKey of(SubjectPublicKeyInfo info) {
        try {
            ASN1ObjectIdentifier kind = info.getAlgorithm().getAlgorithm();
            if (kind.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
                Curve curve = curve(info.getAlgorithm());
                // Decoding refuses a point that is off the curve.
                return new VerifyingKey(
                        info,
                        new ECPublicKeyParameters(
                                curve.domain
                                        .getCurve()
                                        .decodePoint(info.getPublicKeyData().getOctets()),
                                curve.domain),
                        null);
            }
            if (kind.equals(PKCSObjectIdentifiers.rsaEncryption) || kind.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
                RSAPublicKey key = (RSAPublicKey) KeyFactory.getInstance("RSA")
                        .generatePublic(new X509EncodedKeySpec(info.getEncoded(ASN1Encoding.DER)));
                if (key.getModulus().bitLength() < MIN_RSA_BITS) {
                    throw new PkiException("RSA key of " + key.getModulus().bitLength() + " bits is too short");
                }
                return new VerifyingKey(info, null, key);
            }
            throw new PkiException("public key algorithm " + kind + " is not accepted");
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            // BouncyCastle signals malformed structures with several unchecked exceptions.
            throw e instanceof PkiException p ? p : new PkiException("unreadable public key: " + e.getMessage(), e);
        }
    }

    private static Curve curve(AlgorithmIdentifier algorithm) {
        if (SECObjectIdentifiers.secp256r1.equals(algorithm.getParameters())) {
            return Curve.P256;
        }
        if (SECObjectIdentifiers.secp384r1.equals(algorithm.getParameters())) {
            return Curve.P384;
        }
        throw new PkiException("elliptic curve " + algorithm.getParameters() + " is not accepted");
    }

    /**
     * A key from the DER of its SubjectPublicKeyInfo.
     *
     * @throws PkiException when it is neither on P-256 or P-384 nor RSA of at least 3072 bits
     */
    public static VerifyingKey ofSubjectPublicKeyInfo(byte[] der) {
        try {
            return of(SubjectPublicKeyInfo.getInstance(der));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new PkiException("unreadable public key: " + e.getMessage(), e);
        }
    }

    /**
     * A P-256 key from its coordinates.
     *
     * @param xy 64 bytes, x then y, big-endian
     * @throws PkiException when the point is not on the curve
     */
    public static VerifyingKey ofP256(byte[] xy) {
        if (xy.length != 64) {
            throw new PkiException("a P-256 key has 64 bytes of coordinates, not " + xy.length);
        }
        byte[] uncompressed = new byte[65];
        uncompressed[0] = 4;
        System.arraycopy(xy, 0, uncompressed, 1, 64);
        return of(new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1),
                uncompressed));
    }

    /** Whether this P-256 key signed with SHA-256; the signature is r and s of 32 bytes each. */
    public boolean p256(byte[] message, byte[] rs) {
        return ecdsa(Curve.P256, PlainDSAEncoding.INSTANCE, message, rs);
    }

    /** Whether this P-384 key signed with SHA-384; the signature is r and s of 48 bytes each. */
    public boolean p384(byte[] message, byte[] rs) {
        return ecdsa(Curve.P384, PlainDSAEncoding.INSTANCE, message, rs);
    }

    /**
     * Whether this key made an X.509-style signature (DER for ECDSA).
     *
     * @throws PkiException when the algorithm is none of the accepted
     */
    boolean signed(AlgorithmIdentifier algorithm, byte[] message, byte[] signature) {
        ASN1ObjectIdentifier oid = algorithm.getAlgorithm();
        if (oid.equals(X9ObjectIdentifiers.ecdsa_with_SHA256)) {
            return ecdsa(Curve.P256, StandardDSAEncoding.INSTANCE, message, signature);
        }
        if (oid.equals(X9ObjectIdentifiers.ecdsa_with_SHA384)) {
            return ecdsa(Curve.P384, StandardDSAEncoding.INSTANCE, message, signature);
        }
        if (oid.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
            return rsa != null && pss(rsa, algorithm, message, signature);
        }
        throw new PkiException("signature algorithm " + oid + " is not accepted");
    }

    private boolean ecdsa(Curve curve, DSAEncoding encoding, byte[] message, byte[] signature) {
        if (ec == null || !ec.getParameters().equals(curve.domain)) {
            return false;
        }
        BigInteger[] rs;
        try {
            rs = encoding.decode(curve.domain.getN(), signature);
        } catch (IOException | RuntimeException e) {
            // BouncyCastle signals a wrong shape with several exceptions; it is simply no signature of this key.
            return false;
        }
        try {
            ECDSASigner verifier = new ECDSASigner();
            verifier.init(false, ec);
            return verifier.verifySignature(
                    MessageDigest.getInstance(curve.hash).digest(message), rs[0], rs[1]);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + curve.hash, e);
        }
    }

    private static boolean pss(RSAPublicKey key, AlgorithmIdentifier algorithm, byte[] message, byte[] signature) {
        try {
            requireSha384(RSASSAPSSparams.getInstance(algorithm.getParameters()));
            Signature verifier = Signature.getInstance("RSASSA-PSS");
            verifier.setParameter(new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, PSS_SALT, 1));
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (java.security.SignatureException e) {
            // A signature of a wrong shape is simply no signature of this key.
            return false;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new PkiException("RSASSA-PSS cannot be used: " + e.getMessage(), e);
        }
    }

    private static void requireSha384(@Nullable RSASSAPSSparams params) {
        if (params == null
                || !params.getHashAlgorithm().getAlgorithm().equals(NISTObjectIdentifiers.id_sha384)
                || params.getSaltLength().intValue() != PSS_SALT
                || params.getTrailerField().intValue() != 1) {
            throw new PkiException("RSASSA-PSS with other parameters than SHA-384 and a salt of 48 bytes");
        }
    }

    /** The same key for the platform's own interfaces. */
    public PublicKey platform() {
        if (rsa != null) {
            return rsa;
        }
        try {
            return KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(info.getEncoded(ASN1Encoding.DER)));
        } catch (GeneralSecurityException | IOException e) {
            throw new PkiException("the platform does not take the key: " + e.getMessage(), e);
        }
    }
}
