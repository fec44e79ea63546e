package io.bitdelta.attestation.evidence.nvidia;

import io.bitdelta.attestation.appraisal.Appraisal;
import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.CollateralRequest;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.EvidenceVerifier;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.appraisal.Technology;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.pki.PkiException;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Judges a reference integrity manifest on its own: whether its values are usable. A manifest is no evidence, so the
 * result is never affirming.
 */
public final class RimVerifier implements EvidenceVerifier {
    private final TrustAnchors anchors;

    /** A verifier that trusts NVIDIA's manifest root in {@code anchors}. */
    public RimVerifier(TrustAnchors anchors) {
        this.anchors = anchors;
    }

    @Override
    public boolean recognises(byte[] evidence) {
        return Rim.looksLike(evidence);
    }

    @Override
    public List<CollateralRequest> revocation(byte[] evidence, Endorsements had) {
        try {
            return NvidiaRequests.revocation(Optional.empty(), List.of(), List.of(Rim.parse(evidence)));
        } catch (Rim.RimException | PkiException e) {
            return List.of();
        }
    }

    @Override
    public AppraisalResult appraise(
            byte[] evidence, Endorsements endorsements, AppraisalPolicy policy, Instant at, Expectation expectation) {
        Appraisal appraisal = new Appraisal(Technology.NVIDIA);
        RimLibrary library = endorsements.view(RimLibrary.class, RimLibrary::of);
        try {
            Rim rim = Rim.parse(evidence);
            appraisal.claim("product", rim.product());
            appraisal.claim("version", rim.version());
            appraisal.claim("activeEntries", JsonValue.whole(rim.active().size()));
            rim.check(anchors.of(TrustAnchors.Vendor.NVIDIA_RIM), library.ocsps(), at, appraisal);
            boolean valid = !appraisal.has(Reason.BAD_RIM_SIGNATURE)
                    && !appraisal.has(Reason.BAD_RIM_CHAIN)
                    && !appraisal.has(Reason.RIM_CERT_EXPIRED);
            if (valid) {
                appraisal.status("RIM VALID");
            }
        } catch (Rim.RimException | PkiException e) {
            appraisal.report(Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
        // Reference values without a report say nothing about any device.
        appraisal.report(Reason.COLLATERAL_MISSING, "a manifest alone: there is no report to compare it with");
        return appraisal.result();
    }
}
