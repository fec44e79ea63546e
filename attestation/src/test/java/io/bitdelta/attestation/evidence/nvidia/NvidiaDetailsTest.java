package io.bitdelta.attestation.evidence.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.appraisal.Tier;
import io.bitdelta.attestation.evidence.MemberTable;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.OwnPki;
import io.bitdelta.attestation.pki.OwnPki.Spec;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.junit.jupiter.api.Test;

/** Spellings of evidence, claims, policies of versions, limits, manifests that are judged on their own. */
final class NvidiaDetailsTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static AppraisalResult judge(
            NvidiaFixture fixture, byte[] evidence, List<byte[]> documents, AppraisalPolicy policy) {
        return new NvidiaVerifier(fixture.anchors())
                .appraise(evidence, Endorsements.of(documents), policy, OwnPki.NOW, Expectation.nothing());
    }

    @Test
    void claimsSayWhatTheReportSays() throws Exception {
        AppraisalResult result = new NvidiaFixture().judge(Expectation.nothing());
        assertThat(result.claim("driverVersion")).contains("590.12");
        assertThat(result.claim("vbiosVersion")).contains("96.00.A5.00.01");
        assertThat(result.claim("nonce")).contains("00".repeat(32));
        assertThat(result.claim("fwid")).contains("33".repeat(48));
        assertThat(result.claim("chip")).contains("GH100");
        assertThat(result.claims().get("measurementsMatched")).isEqualTo(JsonValue.whole(40));
        NvidiaFixture without = new NvidiaFixture();
        without.reportedFwid = null;
        assertThat(without.judge(Expectation.nothing()).claim("fwid")).contains("not reported");
        NvidiaFixture skipped = new NvidiaFixture();
        skipped.nvdec = 0x55;
        assertThat(skipped.judge(Expectation.nothing()).claims().get("measurementsMatched"))
                .isEqualTo(JsonValue.whole(39));
        NvidiaFixture other = new NvidiaFixture();
        other.chip = "LS10 A01";
        assertThat(other.judge(Expectation.nothing()).findings())
                .anyMatch(finding -> finding.reason() == Reason.NOT_A_GPU
                        && finding.detail().contains("LS10 A01")
                        && finding.detail().contains("HOPPER"));
    }

    @Test
    void policiesPinVersions() throws Exception {
        NvidiaFixture fixture = new NvidiaFixture();
        byte[] evidence = fixture.evidence();
        List<byte[]> documents = fixture.endorsements();
        for (Map<String, Set<String>> right : List.of(
                Map.of("driverVersion", Set.of("590.12", "1")), Map.of("vbiosVersion", Set.of("96.00.A5.00.01")))) {
            AppraisalPolicy policy = AppraisalPolicy.strict().withMeasurements(right);
            assertThat(judge(fixture, evidence, documents, policy).affirming()).isTrue();
        }
        for (String name : List.of("driverVersion", "vbiosVersion")) {
            AppraisalPolicy policy = AppraisalPolicy.strict().withMeasurements(Map.of(name, Set.of("1")));
            assertThat(judge(fixture, evidence, documents, policy).reasons())
                    .containsExactly(Reason.MEASUREMENT_MISMATCH);
        }
    }

    @Test
    void bareReportsTakeTheirChainFromTheEndorsements() throws Exception {
        NvidiaFixture fixture = new NvidiaFixture();
        byte[] report = fixture.report();
        String json = new String(fixture.evidence(report), StandardCharsets.UTF_8);
        String pem = new String(
                java.util.Base64.getDecoder().decode(json.replaceAll(".*\"certificate\":\"([^\"]*)\".*", "$1")),
                StandardCharsets.UTF_8);
        List<byte[]> documents = new ArrayList<>(fixture.endorsements());
        NvidiaVerifier verifier = new NvidiaVerifier(fixture.anchors());
        String hex = HexFormat.of().formatHex(report);
        for (byte[] spelling : List.of(report, utf8(hex), utf8(hex.toUpperCase(java.util.Locale.ROOT) + "\n"))) {
            assertThat(verifier.recognises(spelling)).isTrue();
            assertThat(verifier.significant(spelling)).isEqualTo(report);
            assertThat(verifier.collateral(spelling)).isEmpty();
            assertThat(judge(fixture, spelling, documents, AppraisalPolicy.strict())
                            .reasons())
                    .containsExactly(Reason.COLLATERAL_MISSING);
            List<byte[]> withChain = new ArrayList<>(documents);
            withChain.add(utf8(pem));
            AppraisalResult result = judge(fixture, spelling, withChain, AppraisalPolicy.strict());
            assertThat(result.affirming()).as("%s", result.findings()).isTrue();
            assertThat(verifier.revocation(spelling, Endorsements.of(withChain)))
                    .hasSize(5);
        }
        assertThat(verifier.significant(Arrays.copyOf(report, report.length + 3)))
                .isEqualTo(report);
        assertThat(verifier.significant(utf8("[]"))).isEqualTo(utf8("[]"));
    }

    @Test
    void evidenceIsRecognisedByItsSpelling() {
        NvidiaFixture fixture = new NvidiaFixture();
        NvidiaVerifier verifier = new NvidiaVerifier(fixture.anchors());
        byte[] report = fixture.report();
        assertThat(verifier.recognises(Arrays.copyOf(report, 38))).isTrue();
        assertThat(verifier.recognises(Arrays.copyOf(report, 37))).isFalse();
        for (int at : new int[] {0, 1}) {
            byte[] other = report.clone();
            other[at] ^= 1;
            assertThat(verifier.recognises(other)).isFalse();
        }
        assertThat(verifier.recognises(fixture.evidence())).isTrue();
        assertThat(verifier.recognises(utf8("{\"evidence\":1,\"certificate\":2}")))
                .isTrue();
        assertThat(verifier.recognises(utf8("{\"evidence\":1}"))).isFalse();
        assertThat(verifier.recognises(utf8("{\"certificate\":1}"))).isFalse();
        assertThat(verifier.recognises(utf8("x\"evidence\"\"certificate\""))).isFalse();
        assertThat(verifier.recognises(new byte[1])).isFalse();
        assertThat(verifier.recognises(new byte[0])).isFalse();
        byte[] longest = Arrays.copyOf(utf8("11e0"), 1 << 20);
        assertThat(verifier.recognises(longest)).isTrue();
        assertThat(verifier.recognises(Arrays.copyOf(longest, (1 << 20) + 1))).isFalse();
        assertThat(verifier.recognises(utf8("11"))).isFalse();
    }

    @Test
    void oneDeviceIsJudgedAtATime() throws Exception {
        NvidiaFixture fixture = new NvidiaFixture();
        String one = new String(fixture.evidence(), StandardCharsets.UTF_8);
        String inner = one.substring(1, one.length() - 1);
        assertThat(judge(fixture, utf8(inner), fixture.endorsements(), AppraisalPolicy.strict())
                        .affirming())
                .isTrue();
        assertThat(judge(
                                fixture,
                                utf8("[" + inner + "," + inner + "]"),
                                fixture.endorsements(),
                                AppraisalPolicy.strict())
                        .reasons())
                .containsExactly(Reason.MALFORMED);
    }

    private static Cert blackwell(boolean tagged, String digest) {
        ASN1EncodableVector pair = new ASN1EncodableVector();
        pair.add(digest.equals("sha384") ? NISTObjectIdentifiers.id_sha384 : NISTObjectIdentifiers.id_sha256);
        pair.add(new DEROctetString(NvidiaFixture.FWID));
        ASN1EncodableVector info = new ASN1EncodableVector();
        info.add(new DERTaggedObject(false, 0, new DEROctetString(new byte[] {1})));
        if (tagged) {
            info.add(new DERTaggedObject(false, 6, new DERSequence(new DERSequence(pair))));
        }
        Spec spec = new Spec();
        spec.extensions.put("2.23.133.5.4.1.1", OwnPki.der(new DERSequence(info)));
        return OwnPki.issue(null, "CN=GB100 A01", spec).cert();
    }

    @Test
    void blackwellsFirmwareIdIsInFieldSixOfTcbInfo() {
        assertThat(DiceTcbInfo.fwid(blackwell(true, "sha384"))).contains(NvidiaFixture.FWID);
        assertThat(DiceTcbInfo.fwid(blackwell(true, "sha256"))).isEmpty();
        assertThat(DiceTcbInfo.fwid(blackwell(false, "sha384"))).isEmpty();
        assertThat(DiceTcbInfo.presentIn(blackwell(false, "sha384"))).isTrue();
        Cert plain = OwnPki.issue(null, "CN=x", new Spec()).cert();
        assertThat(DiceTcbInfo.presentIn(plain)).isFalse();
        assertThat(DiceTcbInfo.fwid(plain)).isEmpty();
        Spec broken = new Spec();
        broken.extensions.put("2.23.133.5.4.1", OwnPki.der(new DEROctetString(new byte[2])));
        Cert unreadable = OwnPki.issue(null, "CN=x", broken).cert();
        assertThat(DiceTcbInfo.presentIn(unreadable)).isTrue();
        assertThat(DiceTcbInfo.fwid(unreadable)).isEmpty();
    }

    private static AppraisalResult alone(byte[] manifest, List<byte[]> documents, TrustAnchors anchors) {
        RimVerifier verifier = new RimVerifier(anchors);
        assertThat(verifier.recognises(manifest)).isTrue();
        return verifier.appraise(
                manifest, Endorsements.of(documents), AppraisalPolicy.strict(), OwnPki.NOW, Expectation.nothing());
    }

    @Test
    void aManifestAloneIsValidAndProvesNothing() throws Exception {
        NvidiaFixture fixture = new NvidiaFixture();
        List<byte[]> documents = fixture.endorsements();
        AppraisalResult result = alone(documents.getFirst(), documents, fixture.anchors());
        assertThat(result.status()).isEqualTo("RIM VALID");
        assertThat(result.tier()).isEqualTo(Tier.NONE);
        assertThat(result.reasons()).containsExactly(Reason.COLLATERAL_MISSING);
        assertThat(result.claim("product")).contains("GH100");
        assertThat(result.claim("version")).contains("590.12");
        assertThat(result.claims().get("activeEntries")).isEqualTo(JsonValue.whole(20));
        assertThat(alone(documents.getFirst(), List.of(), fixture.anchors()).reasons())
                .containsExactlyInAnyOrder(Reason.OCSP_MISSING, Reason.COLLATERAL_MISSING);
        byte[] forged = MemberTable.otherCharacter("DigestValue>(.)").apply(documents.getFirst());
        NvidiaFixture old = new NvidiaFixture();
        old.rimEnd = OwnPki.NOW.minusSeconds(1);
        for (AppraisalResult bad : List.of(
                alone(forged, documents, fixture.anchors()),
                alone(documents.getFirst(), documents, TrustAnchors.vendors()),
                alone(old.endorsements().getFirst(), documents, old.anchors()))) {
            assertThat(bad.status()).isEqualTo("-");
            assertThat(bad.tier()).isEqualTo(Tier.CONTRAINDICATED);
        }
        assertThat(alone(utf8("<SoftwareIdentity/>"), documents, fixture.anchors())
                        .reasons())
                .contains(Reason.MALFORMED);
        assertThat(new RimVerifier(fixture.anchors()).recognises(utf8("<other/>")))
                .isFalse();
        assertThat(new RimVerifier(fixture.anchors()).recognises(utf8("SoftwareIdentity")))
                .isFalse();
    }

    @Test
    void manifestsAreReadWithinLimits() throws Exception {
        NvidiaFixture fixture = new NvidiaFixture();
        byte[] manifest = fixture.endorsements().getFirst();
        byte[] longest = Arrays.copyOf(manifest, 1 << 20);
        Arrays.fill(longest, manifest.length, longest.length, (byte) '\n');
        assertThat(Rim.parse(longest).active()).hasSize(20);
        assertThatThrownBy(() -> Rim.parse(Arrays.copyOf(longest, longest.length + 1)))
                .isInstanceOf(Rim.RimException.class)
                .hasMessageContaining("too long");
        for (String[] change : new String[][] {
            {" index=\"(0)\"", "255"},
            {"(type)=\"Measurement\"", "kind"},
        }) {
            assertThat(Rim.parse(MemberTable.replacing(change[0], change[1]).apply(manifest))
                            .active())
                    .isNotEmpty();
        }
        for (String[] change : new String[][] {
            {" index=\"(0)\"", "256"},
            {" index=\"(0)\"", "1"},
            {" index=\"(0)\"", "x"},
            {"alternatives=\"(2)\"", "65"},
            {"alternatives=\"(2)\"", "3"},
            {"active=\"(True)\"", "maybe"},
            {"(<)ns0:Meta ", "<ns0:Meta/><"},
        }) {
            byte[] changed = MemberTable.replacing(change[0], change[1]).apply(manifest);
            assertThatThrownBy(() -> Rim.parse(changed))
                    .as("%s to %s", change[0], change[1])
                    .isInstanceOf(Rim.RimException.class);
        }
        byte[] inactive = utf8(new String(manifest, StandardCharsets.UTF_8).replace("\"True\"", "\"False\""));
        assertThatThrownBy(() -> Rim.parse(inactive)).hasMessageContaining("no entry is active");
    }

    @Test
    void manifestsWithoutCertificatesAreNobodys() throws Exception {
        NvidiaFixture fixture = new NvidiaFixture();
        List<byte[]> documents = new ArrayList<>(fixture.endorsements());
        byte[] bare = utf8(new String(documents.getFirst(), StandardCharsets.UTF_8)
                .replaceAll("(?s)<X509Certificate>.*?</X509Certificate>", ""));
        documents.set(0, bare);
        assertThat(judge(fixture, fixture.evidence(), documents, AppraisalPolicy.strict())
                        .reasons())
                .containsExactlyInAnyOrder(Reason.BAD_RIM_SIGNATURE, Reason.BAD_RIM_CHAIN);
    }

    @Test
    void versionsOfOddLengthAreRead() {
        NvidiaFixture fixture = new NvidiaFixture();
        SpdmReport report = SpdmReport.parse(fixture.report());
        assertThat(report.board()).isEqualTo("1010_0200_882");
        assertThat(Arrays.copyOf(report.bytes(), report.signed().length)).isEqualTo(report.signed());
        assertThat(Arrays.copyOfRange(report.bytes(), report.signed().length, report.bytes().length))
                .isEqualTo(report.signature());
        fixture.reportContent = MemberTable.flipping(utf8("590.12"), 0, 1, 'x');
        assertThat(SpdmReport.parse(fixture.report()).driverVersion())
                .as("a version that fills its field")
                .isEqualTo("590.12x");
    }
}
