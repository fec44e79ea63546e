package io.bitdelta.attestation.pki;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.NullUnmarked;

/** Certificates, lists and answers of our own making. */
@NullUnmarked // in fixtures null means: the ordinary one
public final class OwnPki {
    /** When these fixtures are judged. */
    public static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

    private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

    private OwnPki() {}

    /** A name with its keys and certificate. */
    public static final class Entity {
        private final X500Name name;
        private final KeyPair keys;
        private final byte[] der;

        Entity(X500Name name, KeyPair keys, byte[] der) {
            this.name = name;
            this.keys = keys;
            this.der = der;
        }

        /** The subject. */
        public X500Name name() {
            return name;
        }

        /** Its keys. */
        public KeyPair keys() {
            return keys;
        }

        /** The certificate. */
        public byte[] der() {
            return der.clone();
        }

        /** The parsed certificate. */
        public Cert cert() {
            return Cert.parse(der);
        }
    }

    /** What to put into a certificate. */
    public static final class Spec {
        /** The ordinary certificate. */
        public Spec() {}

        /** Begin. */
        public Instant notBefore = NOW.minusSeconds(86_400L * 365);
        /** End. */
        public Instant notAfter = NOW.plusSeconds(86_400L * 365);
        /** Whether it may issue. */
        public boolean ca;
        /** Whether an issuer may sign revocation lists. */
        public boolean signsLists = true;
        /** Serial number. */
        public BigInteger serial = BigInteger.valueOf(4711);
        /** Extended key usage for OCSP. */
        public boolean ocspSigner;
        /** Further extensions, raw values by OID. */
        public Map<String, byte[]> extensions = new LinkedHashMap<>();
        /** Public key to certify, if not a fresh one. */
        public KeyPair keys;
        /** Curve of a fresh key. */
        public String curve = "secp256r1";
    }

    /** Fresh keys. */
    public static KeyPair ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", PROVIDER);
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A root. */
    public static Entity root(String name, String curve) {
        Spec spec = new Spec();
        spec.ca = true;
        spec.curve = curve;
        return issue(null, name, spec);
    }

    /** A certificate by an issuer, self-signed without one. */
    public static Entity issue(Entity issuer, String name, Spec spec) {
        try {
            KeyPair keys = spec.keys != null ? spec.keys : ec(spec.curve);
            X500Name subject = new X500Name(name);
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    issuer == null ? subject : issuer.name(),
                    spec.serial,
                    Date.from(spec.notBefore),
                    Date.from(spec.notAfter),
                    subject,
                    SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(spec.ca));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(
                            spec.ca
                                    ? KeyUsage.keyCertSign | (spec.signsLists ? KeyUsage.cRLSign : 0)
                                    : KeyUsage.digitalSignature));
            if (spec.ocspSigner) {
                builder.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_OCSPSigning));
            }
            for (Map.Entry<String, byte[]> extension : spec.extensions.entrySet()) {
                builder.addExtension(
                        new Extension(new ASN1ObjectIdentifier(extension.getKey()), false, extension.getValue()));
            }
            PrivateKey signer =
                    issuer == null ? keys.getPrivate() : issuer.keys().getPrivate();
            String algorithm = algorithm(signer);
            X509CertificateHolder holder = builder.build(content(algorithm, signer));
            return new Entity(subject, keys, holder.getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    private static ContentSigner content(String algorithm, PrivateKey key) throws OperatorCreationException {
        return new JcaContentSignerBuilder(algorithm).setProvider(PROVIDER).build(key);
    }

    private static String algorithm(PrivateKey key) {
        if (key instanceof ECPrivateKey ec) {
            return ec.getParams().getOrder().bitLength() == 256 ? "SHA256withECDSA" : "SHA384withECDSA";
        }
        return "SHA384WITHRSAANDMGF1";
    }

    /** A revocation list with one entry, or none for a null serial. */
    public static byte[] crl(Entity issuer, Instant from, Instant to, BigInteger revoked, boolean hold) {
        try {
            X509v2CRLBuilder builder = new X509v2CRLBuilder(issuer.name(), Date.from(from));
            builder.setNextUpdate(Date.from(to));
            if (revoked != null) {
                builder.addCRLEntry(
                        revoked, Date.from(from), hold ? CRLReason.certificateHold : CRLReason.keyCompromise);
            }
            return builder.build(content(
                            algorithm(issuer.keys().getPrivate()), issuer.keys().getPrivate()))
                    .getEncoded();
        } catch (IOException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    /** A current list without entries. */
    public static byte[] crl(Entity issuer) {
        return crl(issuer, NOW.minusSeconds(86_400), NOW.plusSeconds(86_400), null, false);
    }

    /** An OCSP answer, signed by {@code signer}. */
    public static byte[] ocsp(
            Entity issuer, byte[] subject, Entity signer, CertificateStatus status, Instant from, Instant to) {
        try {
            X509CertificateHolder about = new X509CertificateHolder(subject);
            CertificateID id = new CertificateID(
                    new BcDigestCalculatorProvider().get(CertificateID.HASH_SHA1),
                    new X509CertificateHolder(issuer.der()),
                    about.getSerialNumber());
            BasicOCSPRespBuilder builder = new BasicOCSPRespBuilder(new RespID(signer.name()));
            builder.addResponse(id, status, Date.from(from), Date.from(to), null);
            ContentSigner content = new JcaContentSignerBuilder(
                            algorithm(signer.keys().getPrivate()))
                    .build(signer.keys().getPrivate());
            X509CertificateHolder[] chain = signer.name().equals(issuer.name())
                    ? null
                    : new X509CertificateHolder[] {new X509CertificateHolder(signer.der())};
            OCSPResp response = new OCSPRespBuilder()
                    .build(OCSPRespBuilder.SUCCESSFUL, builder.build(content, chain, Date.from(from)));
            return response.getEncoded();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A good and current answer by the issuer itself. */
    public static byte[] ocspGood(Entity issuer, byte[] subject) {
        return ocsp(issuer, subject, issuer, CertificateStatus.GOOD, NOW.minusSeconds(3600), NOW.plusSeconds(86_400));
    }

    /** DER of a sequence of content, algorithm and signature over the content, as certificates and lists are. */
    public static byte[] signedDer(KeyPair keys, byte[] content) {
        boolean p256 = algorithm(keys.getPrivate()).startsWith("SHA256");
        try {
            Signature signer = Signature.getInstance(algorithm(keys.getPrivate()), PROVIDER);
            signer.initSign(keys.getPrivate());
            signer.update(content);
            byte[] algorithm = der(new DERSequence(
                    p256 ? X9ObjectIdentifiers.ecdsa_with_SHA256 : X9ObjectIdentifiers.ecdsa_with_SHA384));
            return tagged(0x30, content, algorithm, der(new DERBitString(signer.sign())));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** DER of a tag around parts that need not be well formed. */
    public static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 256) {
            out.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8)});
        } else if (length >= 128) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    /** A raw ECDSA signature, r and s of equal length. */
    public static byte[] sign(KeyPair keys, byte[] message) {
        try {
            boolean p256 = algorithm(keys.getPrivate()).startsWith("SHA256");
            Signature signer =
                    Signature.getInstance(p256 ? "SHA256withPLAIN-ECDSA" : "SHA384withPLAIN-ECDSA", PROVIDER);
            signer.initSign(keys.getPrivate());
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** PEM of certificates. */
    public static String pem(byte[]... ders) {
        StringBuilder out = new StringBuilder();
        for (byte[] der : ders) {
            out.append("-----BEGIN CERTIFICATE-----\n")
                    .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return out.toString();
    }

    /** DER of an ASN.1 value. */
    public static byte[] der(ASN1Encodable value) {
        try {
            return value.toASN1Primitive().getEncoded("DER");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The coordinates of a P-256 key. */
    public static byte[] xy(KeyPair keys) {
        byte[] spki = keys.getPublic().getEncoded();
        return Arrays.copyOfRange(spki, spki.length - 64, spki.length);
    }
}
