package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.appraisal.Appraisal;
import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.CollateralRequest;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.EvidenceVerifier;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.appraisal.Technology;
import io.bitdelta.attestation.bytes.TruncatedException;
import io.bitdelta.attestation.pki.CertCache;
import io.bitdelta.attestation.pki.PkiException;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Verifies SGX and TDX quotes: signatures, then collateral, then TCB status, then policy. */
public final class DcapVerifier implements EvidenceVerifier {
    private final TrustAnchors anchors;
    private final CertCache seen = new CertCache();

    /** A verifier that trusts the roots of Intel in {@code anchors}. */
    public DcapVerifier(TrustAnchors anchors) {
        this.anchors = anchors;
    }

    @Override
    public boolean recognises(byte[] evidence) {
        return DcapQuote.looksLike(evidence);
    }

    @Override
    public byte[] significant(byte[] evidence) {
        try {
            return Arrays.copyOf(evidence, DcapQuote.parse(evidence).length());
        } catch (TruncatedException | DcapQuote.UnsupportedQuoteException e) {
            return evidence.clone();
        }
    }

    @Override
    public List<CollateralRequest> collateral(byte[] evidence) {
        try {
            return DcapRequests.of(DcapQuote.parse(evidence));
        } catch (TruncatedException | DcapQuote.UnsupportedQuoteException | PkiException e) {
            return List.of();
        }
    }

    @Override
    public AppraisalResult appraise(
            byte[] evidence, Endorsements endorsements, AppraisalPolicy policy, Instant at, Expectation expectation) {
        boolean claimsTdx = evidence[0] != 3;
        Appraisal appraisal = new Appraisal(claimsTdx ? Technology.TDX : Technology.SGX);
        DcapQuote quote;
        try {
            quote = DcapQuote.parse(evidence);
        } catch (TruncatedException e) {
            appraisal.report(Reason.MALFORMED, String.valueOf(e.getMessage()));
            return appraisal.result();
        } catch (DcapQuote.UnsupportedQuoteException e) {
            appraisal.report(Reason.UNSUPPORTED, String.valueOf(e.getMessage()));
            return appraisal.result();
        }
        DcapCollateral collateral = endorsements.view(DcapCollateral.class, DcapCollateral::of);
        collateral.malformed().forEach(complaint -> appraisal.report(Reason.MALFORMED, "collateral: " + complaint));
        QuoteSignatures.check(quote, appraisal);
        new PlatformCheck(quote, collateral, seen, anchors.of(TrustAnchors.Vendor.INTEL), policy, at, appraisal).run();
        QuotePolicy.check(quote, policy, appraisal);
        expectation.checkReportData(quote.reportData(), appraisal);
        return appraisal.result();
    }
}
