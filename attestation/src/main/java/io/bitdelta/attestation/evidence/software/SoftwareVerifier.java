package io.bitdelta.attestation.evidence.software;

import io.bitdelta.attestation.appraisal.Appraisal;
import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.EvidenceVerifier;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.appraisal.Technology;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;

/** Verifies development evidence. Its best result is a warning, and that only where the policy admits development. */
public final class SoftwareVerifier implements EvidenceVerifier {
    private static final byte[] MARK = ("\"type\":\"" + SoftwareEvidence.TYPE + "\"").getBytes(StandardCharsets.UTF_8);

    private final Set<Bytes32> anchors;

    private SoftwareVerifier(Set<Bytes32> anchors) {
        this.anchors = Set.copyOf(anchors);
    }

    /** Takes evidence of any development key. */
    public static SoftwareVerifier anyKey() {
        return new SoftwareVerifier(Set.of());
    }

    /** Takes evidence of these development keys only. */
    public static SoftwareVerifier pinned(Set<Bytes32> publicKeys) {
        if (publicKeys.isEmpty()) {
            throw new IllegalArgumentException("no development key to pin");
        }
        return new SoftwareVerifier(publicKeys);
    }

    @Override
    public boolean recognises(byte[] evidence) {
        if (evidence.length > SoftwareEvidence.MAX_BYTES || evidence.length == 0 || evidence[0] != '{') {
            return false;
        }
        String text = new String(evidence, StandardCharsets.UTF_8);
        return text.contains(new String(MARK, StandardCharsets.UTF_8));
    }

    @Override
    public AppraisalResult appraise(
            byte[] evidence, Endorsements endorsements, AppraisalPolicy policy, Instant at, Expectation expectation) {
        Appraisal appraisal = new Appraisal(Technology.SOFTWARE);
        SoftwareEvidence parsed;
        try {
            parsed = SoftwareEvidence.parse(evidence);
        } catch (JsonException e) {
            appraisal.report(Reason.MALFORMED, String.valueOf(e.getMessage()));
            return appraisal.result();
        }
        appraisal.status("development");
        appraisal.claim("debug", "enabled");
        appraisal.claim("measurement", parsed.measurement().hex());
        appraisal.claim("publicKey", parsed.publicKey().hex());
        appraisal.claim("reportData", HexText.of(parsed.reportData()));
        appraisal.require(
                parsed.signatureHolds(), Reason.BAD_SIGNATURE, "the signature is not of the key " + parsed.publicKey());
        appraisal.require(
                anchors.isEmpty() || anchors.contains(parsed.publicKey()),
                Reason.UNTRUSTED_ROOT,
                "development key " + parsed.publicKey() + " is not pinned");
        expectation.checkReportData(parsed.reportData(), appraisal);
        appraisal.require(
                policy.development().admits(),
                Reason.DEBUG,
                "development evidence; the policy "
                        + (policy.development().allowed()
                                ? "admits it on chains " + policy.development().testChains() + " only, not on "
                                        + policy.development().chainId()
                                : "does not admit it"));
        return appraisal.result();
    }
}
