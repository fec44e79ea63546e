package io.bitdelta.attestation.pki;

import io.bitdelta.attestation.bytes.Bytes32;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;

/** One X.509 certificate. Immutable; it remembers which keys its signature was checked with. */
public final class Cert {
    private static final int MAX_BYTES = 64 << 10;

    private final X509CertificateHolder holder;
    private final byte[] der;
    private final VerifyingKey publicKey;
    private final Bytes32 keyId;
    private final String label;
    private final byte[] signature;
    private final Instant notBefore;
    private final Instant notAfter;
    private final Optional<BasicConstraints> constraints;
    private final Optional<KeyUsage> usage;
    private final Map<Bytes32, Boolean> checked = new ConcurrentHashMap<>();
    private final Map<Class<?>, Object> views = new ConcurrentHashMap<>();

    private Cert(X509CertificateHolder holder, byte[] der) {
        this.holder = holder;
        this.der = der;
        this.publicKey = VerifyingKey.of(holder.getSubjectPublicKeyInfo());
        this.keyId = keyId(holder);
        // The library parses lazily: what it cannot read must fail here, not in the middle of a judgement.
        this.label = "\"" + holder.getSubject() + "\" (serial "
                + holder.getSerialNumber().toString(16) + ")";
        this.signature = holder.getSignature();
        this.notBefore = holder.getNotBefore().toInstant();
        this.notAfter = holder.getNotAfter().toInstant();
        this.constraints = Optional.ofNullable(BasicConstraints.fromExtensions(extensions()));
        this.usage = Optional.ofNullable(KeyUsage.fromExtensions(extensions()));
        if (holder.getIssuer().toString().isEmpty()) {
            throw new PkiException("certificate without issuer");
        }
    }

    /**
     * Parses DER.
     *
     * @throws PkiException when it is no certificate or its key is not accepted
     */
    public static Cert parse(byte[] der) {
        if (der.length > MAX_BYTES) {
            throw new PkiException("certificate of " + der.length + " bytes is too long");
        }
        try {
            X509CertificateHolder holder = new X509CertificateHolder(der);
            Der.require(holder.toASN1Structure(), der, "certificate");
            return new Cert(holder, der.clone());
        } catch (IOException | RuntimeException e) {
            // BouncyCastle signals malformed structures with several unchecked exceptions.
            throw e instanceof PkiException p ? p : new PkiException("unreadable certificate: " + e.getMessage(), e);
        }
    }

    /**
     * Parses the certificates of a PEM text, in order; text around them is ignored.
     *
     * @throws PkiException when a block is damaged
     */
    public static List<Cert> parsePem(String text) {
        List<Cert> out = new ArrayList<>();
        for (byte[] der : PemBlocks.of(text, "CERTIFICATE")) {
            out.add(parse(der));
        }
        return out;
    }

    /** As above from UTF-8 bytes, which may end in NUL. */
    public static List<Cert> parsePem(byte[] text) {
        int end = text.length;
        while (end > 0 && text[end - 1] == 0) {
            end--;
        }
        return parsePem(new String(text, 0, end, StandardCharsets.UTF_8));
    }

    /** The subject's name. */
    public X500Name subject() {
        return holder.getSubject();
    }

    /** The issuer's name. */
    public X500Name issuer() {
        return holder.getIssuer();
    }

    /** Whether this is the subject's name. */
    public boolean isNamed(X500Name name) {
        // Comparing different names is slow, their hash codes are remembered.
        return subject().hashCode() == name.hashCode() && subject().equals(name);
    }

    /** Subject and serial for messages. */
    public String label() {
        return label;
    }

    /** The public key. */
    public VerifyingKey publicKey() {
        return publicKey;
    }

    /** SHA-256 of the DER of the subject's public key: what pins name. */
    public Bytes32 keyId() {
        return keyId;
    }

    /** The DER bytes. */
    public byte[] der() {
        return der.clone();
    }

    /** Begin of validity, inclusive. */
    public Instant notBefore() {
        return notBefore;
    }

    /** End of validity, inclusive. */
    public Instant notAfter() {
        return notAfter;
    }

    /** Whether subject and issuer have one name. */
    public boolean selfIssued() {
        return isNamed(issuer());
    }

    /** The library's view, for CRLs and OCSP. */
    X509CertificateHolder holder() {
        return holder;
    }

    /** The value of an extension. */
    public Optional<byte[]> extension(String oid) {
        Extension extension = holder.getExtension(new ASN1ObjectIdentifier(oid));
        return extension == null
                ? Optional.empty()
                : Optional.of(extension.getExtnValue().getOctets());
    }

    /**
     * What a technology reads out of the certificate, read once.
     *
     * @param type the kind of view, also its key
     * @throws PkiException as {@code parser} does
     */
    public <T> T view(Class<T> type, Function<Cert, T> parser) {
        return type.cast(views.computeIfAbsent(type, key -> parser.apply(this)));
    }

    /** Whether the issuer's key signed this certificate. */
    boolean signedBy(Cert signer) {
        Boolean known = checked.get(signer.keyId);
        if (known != null) {
            return known;
        }
        boolean holds;
        try {
            var structure = holder.toASN1Structure();
            holds = structure
                            .getSignatureAlgorithm()
                            .equals(structure.getTBSCertificate().getSignature())
                    && signer.publicKey.signed(
                            structure.getSignatureAlgorithm(),
                            structure.getTBSCertificate().getEncoded(ASN1Encoding.DER),
                            signature);
        } catch (IOException | PkiException e) {
            holds = false;
        }
        checked.put(signer.keyId, holds);
        return holds;
    }

    /** Whether it may issue a certificate with {@code below} further issuers below it. */
    boolean mayIssue(int below) {
        if (constraints.isEmpty() || !constraints.get().isCA()) {
            return false;
        }
        if (constraints.get().getPathLenConstraintInteger() != null
                && constraints.get().getPathLenConstraintInteger().getValue().longValue() < below) {
            return false;
        }
        return usage.isEmpty() || usage.get().hasUsages(KeyUsage.keyCertSign);
    }

    /** Whether it may sign revocation lists. */
    boolean maySignLists() {
        return usage.isEmpty() || usage.get().hasUsages(KeyUsage.cRLSign);
    }

    /** The critical extensions that nothing here understands. */
    List<String> unknownCritical() {
        List<String> out = new ArrayList<>();
        for (Object oid : holder.getCriticalExtensionOIDs()) {
            if (!oid.equals(Extension.basicConstraints) && !oid.equals(Extension.keyUsage)) {
                out.add(oid.toString());
            }
        }
        return out;
    }

    private Extensions extensions() {
        Extensions extensions = holder.getExtensions();
        return extensions == null ? new Extensions(new Extension[0]) : extensions;
    }

    private static Bytes32 keyId(X509CertificateHolder holder) {
        try {
            return Bytes32.of(MessageDigest.getInstance("SHA-256")
                    .digest(holder.getSubjectPublicKeyInfo().getEncoded(ASN1Encoding.DER)));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new PkiException("unreadable public key", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cert that && Arrays.equals(der, that.der);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(der);
    }
}
