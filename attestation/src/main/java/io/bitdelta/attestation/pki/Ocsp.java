package io.bitdelta.attestation.pki;

import io.bitdelta.attestation.appraisal.Appraisal;
import io.bitdelta.attestation.appraisal.Reason;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;

/** One OCSP response (RFC 6960). Immutable. */
public final class Ocsp {
    private static final int MAX_BYTES = 64 << 10;

    private final BasicOCSPResp response;

    private Ocsp(BasicOCSPResp response) {
        this.response = response;
    }

    /**
     * Parses a successful response.
     *
     * @throws PkiException when it is none
     */
    public static Ocsp parse(byte[] der) {
        if (der.length > MAX_BYTES) {
            throw new PkiException("OCSP response of " + der.length + " bytes is too long");
        }
        try {
            OCSPResp outer = new OCSPResp(der);
            if (outer.getStatus() != OCSPResp.SUCCESSFUL
                    || !(outer.getResponseObject() instanceof BasicOCSPResp basic)) {
                throw new PkiException("OCSP response is not a successful basic one");
            }
            OCSPResponse structure = outer.toASN1Structure();
            Der.require(structure, der, "OCSP response");
            byte[] inner = structure.getResponseBytes().getResponse().getOctets();
            Der.require(BasicOCSPResponse.getInstance(inner), inner, "basic OCSP response");
            // The library parses lazily: what it cannot read must fail here, not in the middle of a judgement.
            basic.getSignature();
            basic.getCerts();
            for (SingleResp single : basic.getResponses()) {
                touch(single);
            }
            return new Ocsp(basic);
        } catch (IOException | OCSPException | RuntimeException e) {
            throw e instanceof PkiException p ? p : new PkiException("unreadable OCSP response: " + e.getMessage(), e);
        }
    }

    private static void touch(SingleResp single) {
        single.getCertID().getSerialNumber();
        if (single.getThisUpdate() == null) {
            throw new PkiException("OCSP response without the time of an answer");
        }
        single.getNextUpdate();
        if (single.getCertStatus() instanceof RevokedStatus revoked) {
            revoked.getRevocationTime();
            if (revoked.hasRevocationReason()) {
                revoked.getRevocationReason();
            }
        }
    }

    /**
     * The DER of a request about one certificate, without a nonce so that the answer can be kept. Issuers are named by
     * their SHA-384, as the responder of NVIDIA wants it.
     */
    public static byte[] request(Cert issuer, Cert subject) {
        try {
            CertificateID id = new CertificateID(
                    new BcDigestCalculatorProvider().get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha384)),
                    issuer.holder(),
                    subject.holder().getSerialNumber());
            return new OCSPReqBuilder().addRequest(id).build().getEncoded();
        } catch (OCSPException | OperatorCreationException | IOException e) {
            throw new PkiException("no OCSP request about " + subject.label() + ": " + e.getMessage(), e);
        }
    }

    /** The first of the next updates of its answers; empty when one of them has none. */
    public Optional<Instant> nextUpdate() {
        Instant first = Instant.MAX;
        for (SingleResp single : response.getResponses()) {
            if (single.getNextUpdate() == null) {
                return Optional.empty();
            }
            Instant end = single.getNextUpdate().toInstant();
            first = end.isBefore(first) ? end : first;
        }
        return first.equals(Instant.MAX) ? Optional.empty() : Optional.of(first);
    }

    /**
     * Finds an answer for a certificate among responses and reports what it says; reports {@code OCSP_MISSING} when no
     * response is genuine, current and about it.
     *
     * @param issuer who issued the certificate; it or a responder that it certified must have signed
     */
    public static void check(List<Ocsp> responses, Cert issuer, Cert subject, Instant at, Appraisal appraisal) {
        String why = "no OCSP response about " + subject.label();
        boolean good = false;
        for (Ocsp candidate : responses) {
            Optional<SingleResp> answer = candidate.about(issuer, subject);
            if (answer.isEmpty()) {
                continue;
            }
            if (!candidate.signedFor(issuer, at)) {
                why = "the OCSP response about " + subject.label() + " is not signed for its issuer";
                continue;
            }
            Date next = answer.get().getNextUpdate();
            if (at.isBefore(answer.get().getThisUpdate().toInstant()) || next == null || at.isAfter(next.toInstant())) {
                why = "the OCSP response about " + subject.label() + " is for another time than " + at;
                continue;
            }
            CertificateStatus status = answer.get().getCertStatus();
            if (status == CertificateStatus.GOOD) {
                appraisal.boundedBy(next.toInstant());
                good = true;
            } else if (status instanceof RevokedStatus revoked) {
                boolean hold =
                        revoked.hasRevocationReason() && revoked.getRevocationReason() == CRLReason.certificateHold;
                appraisal.report(
                        hold ? Reason.CERT_ON_HOLD : Reason.OCSP_REVOKED,
                        subject.label() + " is " + (hold ? "on hold" : "revoked") + " since "
                                + revoked.getRevocationTime().toInstant());
                return;
            } else {
                why = "the OCSP responder does not know " + subject.label();
            }
        }
        if (!good) {
            appraisal.report(Reason.OCSP_MISSING, why);
        }
    }

    private Optional<SingleResp> about(Cert issuer, Cert subject) {
        for (SingleResp single : response.getResponses()) {
            try {
                CertificateID id = single.getCertID();
                if (id.getSerialNumber().equals(subject.holder().getSerialNumber())
                        && id.matchesIssuer(issuer.holder(), new BcDigestCalculatorProvider())) {
                    return Optional.of(single);
                }
            } catch (OCSPException e) {
                // An answer whose issuer hash cannot be computed is no answer about this certificate.
            }
        }
        return Optional.empty();
    }

    private boolean signedFor(Cert issuer, Instant at) {
        if (signedWith(issuer)) {
            return true;
        }
        for (X509CertificateHolder carried : response.getCerts()) {
            try {
                Cert responder = Cert.parse(carried.getEncoded());
                if (responder.issuer().equals(issuer.subject())
                        && responder.signedBy(issuer)
                        && mayAnswer(carried)
                        && !at.isBefore(responder.notBefore())
                        && !at.isAfter(responder.notAfter())
                        && signedWith(responder)) {
                    return true;
                }
            } catch (IOException | PkiException | IllegalArgumentException | IllegalStateException e) {
                // A responder certificate that cannot be read signs nothing; another one may.
            }
        }
        return false;
    }

    private static boolean mayAnswer(X509CertificateHolder responder) {
        Extension usage = responder.getExtension(Extension.extendedKeyUsage);
        return usage != null
                && ExtendedKeyUsage.getInstance(usage.getParsedValue()).hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning);
    }

    private boolean signedWith(Cert signer) {
        try {
            return signer.publicKey()
                    .signed(response.getSignatureAlgorithmID(), response.getTBSResponseData(), response.getSignature());
        } catch (PkiException e) {
            return false;
        }
    }
}
