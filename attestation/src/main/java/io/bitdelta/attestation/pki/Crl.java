package io.bitdelta.attestation.pki;

import io.bitdelta.attestation.appraisal.Appraisal;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.bytes.Bytes32;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.TBSCertList;
import org.bouncycastle.cert.X509CRLEntryHolder;
import org.bouncycastle.cert.X509CRLHolder;
import org.jspecify.annotations.Nullable;

/** One certificate revocation list. Immutable; it remembers which keys its signature was checked with. */
public final class Crl {
    private static final int MAX_BYTES = 8 << 20;

    private final X509CRLHolder holder;
    private final Instant thisUpdate;
    private final @Nullable Instant nextUpdate;
    private final Map<BigInteger, X509CRLEntryHolder> entries = new HashMap<>();
    private final Map<Bytes32, Boolean> checked = new ConcurrentHashMap<>();

    private Crl(X509CRLHolder holder) {
        this.holder = holder;
        this.thisUpdate = holder.getThisUpdate().toInstant();
        Date next = holder.getNextUpdate();
        this.nextUpdate = next == null ? null : next.toInstant();
        for (Object each : holder.getRevokedCertificates()) {
            X509CRLEntryHolder entry = (X509CRLEntryHolder) each;
            // Read now what a judgement reads: the library parses lazily.
            onHold(entry);
            entry.getRevocationDate();
            entries.putIfAbsent(entry.getSerialNumber(), entry);
        }
    }

    /**
     * Parses DER.
     *
     * @throws PkiException when it is no revocation list
     */
    public static Crl parse(byte[] der) {
        if (der.length > MAX_BYTES) {
            throw new PkiException("revocation list of " + der.length + " bytes is too long");
        }
        try {
            X509CRLHolder holder = new X509CRLHolder(der);
            Der.require(holder.toASN1Structure(), der, "revocation list");
            // The library parses lazily: what it cannot read must fail here, not in the middle of a judgement.
            if (holder.getIssuer().toString().isEmpty() || holder.getThisUpdate() == null) {
                throw new PkiException("revocation list without issuer");
            }
            holder.toASN1Structure().getSignature().getOctets();
            if (holder.toASN1Structure().getVersionNumber() != 2) {
                throw new PkiException("revocation list of version "
                        + holder.toASN1Structure().getVersionNumber() + ", not 2 (RFC 5280)");
            }
            return new Crl(holder);
        } catch (IOException | RuntimeException e) {
            throw e instanceof PkiException p
                    ? p
                    : new PkiException("unreadable revocation list: " + e.getMessage(), e);
        }
    }

    /** The issuer's name. */
    public X500Name issuer() {
        return holder.getIssuer();
    }

    /** When the next list is due, if it says so. */
    public Optional<Instant> nextUpdate() {
        return Optional.ofNullable(nextUpdate);
    }

    /**
     * Checks that the list is of this issuer and current, and that a certificate is not on it.
     *
     * @param issuer who issued the certificate
     * @param subject the certificate
     */
    public void check(Cert issuer, Cert subject, Instant at, Appraisal appraisal) {
        if (!issuer.isNamed(issuer()) || !issuer.maySignLists() || !signedBy(issuer)) {
            appraisal.report(
                    Reason.CRL_ISSUER_MISMATCH,
                    "the revocation list of \"" + issuer() + "\" is not one of " + issuer.label());
            return;
        }
        appraisal.require(
                !at.isBefore(thisUpdate),
                Reason.COLLATERAL_NOT_YET_VALID,
                () -> "the revocation list of \"" + issuer() + "\" begins " + thisUpdate);
        if (nextUpdate == null || at.isAfter(nextUpdate)) {
            appraisal.report(
                    Reason.CRL_EXPIRED,
                    "the revocation list of \"" + issuer() + "\" ended "
                            + (nextUpdate == null ? "at once (no next update)" : nextUpdate));
        } else {
            appraisal.boundedBy(nextUpdate);
        }
        for (Object oid : holder.getCriticalExtensionOIDs()) {
            appraisal.report(
                    Reason.CRL_ISSUER_MISMATCH,
                    "the revocation list of \"" + issuer() + "\" is restricted by the critical extension " + oid);
        }
        X509CRLEntryHolder entry = entries.get(subject.holder().getSerialNumber());
        if (entry != null) {
            appraisal.report(
                    onHold(entry) ? Reason.CERT_ON_HOLD : Reason.CERT_REVOKED,
                    subject.label() + " is on the revocation list since "
                            + entry.getRevocationDate().toInstant());
        }
    }

    private static boolean onHold(X509CRLEntryHolder entry) {
        Extension reason = entry.getExtension(Extension.reasonCode);
        return reason != null
                && CRLReason.getInstance(reason.getParsedValue()).getValue().intValue() == CRLReason.certificateHold;
    }

    private boolean signedBy(Cert signer) {
        @Nullable Boolean known = checked.get(signer.keyId());
        if (known != null) {
            return known;
        }
        boolean holds;
        try {
            var structure = holder.toASN1Structure();
            TBSCertList list = structure.getTBSCertList();
            holds = structure.getSignatureAlgorithm().equals(list.getSignature())
                    && signer.publicKey()
                            .signed(
                                    structure.getSignatureAlgorithm(),
                                    list.getEncoded(ASN1Encoding.DER),
                                    structure.getSignature().getOctets());
        } catch (IOException | PkiException e) {
            holds = false;
        }
        checked.put(signer.keyId(), holds);
        return holds;
    }
}
