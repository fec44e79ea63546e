package io.bitdelta.attestation.bench;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.evidence.StandardAppraiser;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Evidence with endorsements and the root that certifies them. The platforms are made up by the tests of this module;
 * nobody else trusts their roots.
 */
public final class SampleEvidence {
    private static final int MAX_BYTES = 1 << 20;

    private final byte[] evidence;
    private final Endorsements endorsements;
    private final TrustAnchors anchors;
    private final Appraiser appraiser;
    private final Instant at;

    private SampleEvidence(JsonObject root) {
        evidence = root.base64("evidence");
        endorsements = Endorsements.of(root.base64List("endorsements"));
        TrustAnchors.Vendor vendor =
                TrustAnchors.Vendor.valueOf(root.text("vendor").toUpperCase(Locale.ROOT));
        Bytes32 pin = root.bytes32("root");
        anchors = TrustAnchors.none().with(vendor, Set.of(pin));
        appraiser = StandardAppraiser.create(anchors);
        at = Instant.parse(root.text("at"));
    }

    /** A TDX quote (version 5) with collateral. */
    public static SampleEvidence tdx() {
        return read("tdx.json");
    }

    /** A SEV-SNP report with its certificates. */
    public static SampleEvidence snp() {
        return read("snp.json");
    }

    private static SampleEvidence read(String name) {
        try (InputStream in = SampleEvidence.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing");
            }
            return new SampleEvidence(JsonObject.of(name, CanonicalJson.read(in.readAllBytes(), MAX_BYTES)));
        } catch (IOException e) {
            throw new IllegalStateException("the resource " + name + " cannot be read", e);
        }
    }

    /** Judges it; endorsements and the platform's certificates stay warm from one call to the next. */
    public AppraisalResult appraise() {
        return appraise(appraiser);
    }

    /** Judges it with an appraiser that never saw this platform; the endorsements are warm. */
    public AppraisalResult appraiseUnseen() {
        return appraise(StandardAppraiser.create(anchors));
    }

    private AppraisalResult appraise(Appraiser by) {
        return by.appraise(evidence, endorsements, AppraisalPolicy.strict(), at, Expectation.nothing());
    }

    /** The raw endorsement documents. */
    public List<byte[]> endorsements() {
        return endorsements.documents();
    }

    /** An appraiser that trusts the sample's root. */
    public Appraiser appraiser() {
        return appraiser;
    }

    /** The time at which it is affirming. */
    public Instant at() {
        return at;
    }

    /** The raw evidence. */
    public byte[] evidence() {
        return evidence.clone();
    }
}
