package io.bitdelta.attestation.evidence.snp;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.appraisal.SnpRule;
import io.bitdelta.attestation.evidence.FieldTable;
import io.bitdelta.attestation.evidence.snp.SnpForgeriesTest.Fixture;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.pki.OwnPki;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.junit.jupiter.api.Test;

/** Every field of a report under a policy that pins its measurements, and what a result says about it. */
final class SnpFieldsTest {
    private static final String OID = "1.3.6.1.4.1.3704.1.";
    private static final AppraisalPolicy PINNED = AppraisalPolicy.strict()
            .withMeasurements(Map.of("measurement", Set.of("00".repeat(48)), "hostdata", Set.of("00".repeat(32))));

    private static AppraisalResult judge(Fixture fixture, byte[] report, AppraisalPolicy policy) {
        return new SnpVerifier(fixture.anchors())
                .appraise(
                        report,
                        Endorsements.of(fixture.endorsements()),
                        policy,
                        OwnPki.NOW,
                        Expectation.reportData(new byte[64]));
    }

    @Test
    void everyFieldOfAReport() throws Exception {
        FieldTable.Judge unsigned = change -> {
            Fixture fixture = new Fixture();
            byte[] report = fixture.signed();
            byte[] changed = change.apply(Arrays.copyOf(report, SnpReport.SIGNED));
            System.arraycopy(changed, 0, report, 0, SnpReport.SIGNED);
            return judge(fixture, report, PINNED);
        };
        FieldTable.Judge again = change -> {
            Fixture fixture = new Fixture();
            fixture.report = change.apply(fixture.report);
            return judge(fixture, fixture.signed(), PINNED);
        };
        new FieldTable("SEV-SNP report, signed part (672 bytes)")
                .field("VERSION", 4, 8)
                .field("GUEST_SVN", 4)
                .field("POLICY[0..15] (ABI)", 2)
                .field("POLICY[16..23] (SMT, MIGRATE_MA 18, DEBUG 19)", 1, 0x0c)
                .field("POLICY[24..63]", 5)
                .field("FAMILY_ID", 16)
                .field("IMAGE_ID", 16)
                .field("VMPL", 4)
                .field("SIGNATURE_ALGO", 4)
                .field("CURRENT_TCB", 8)
                .field("PLATFORM_INFO", 8)
                .field("flags (author key, mask, signing key)", 4, 4)
                .field("reserved", 4)
                .field("REPORT_DATA", 64)
                .field("MEASUREMENT", 48)
                .field("HOST_DATA", 32)
                .field("ID_KEY_DIGEST", 48)
                .field("AUTHOR_KEY_DIGEST", 48)
                .field("REPORT_ID", 32)
                .field("REPORT_ID_MA", 32)
                .field("REPORTED_TCB bootloader", 1)
                .field("REPORTED_TCB TEE", 1)
                .field("REPORTED_TCB reserved", 4)
                .field("REPORTED_TCB SNP", 1)
                .field("REPORTED_TCB microcode", 1)
                .field("CPUID family, model, stepping", 3)
                .field("reserved (2)", 21)
                .field("CHIP_ID", 64)
                .field("COMMITTED_TCB", 8)
                .field("versions current and committed", 8)
                .field("LAUNCH_TCB", 8)
                .field("reserved (3)", 168)
                .check(
                        SnpReport.SIGNED,
                        unsigned,
                        again,
                        Set.of(
                                "GUEST_SVN",
                                "POLICY[0..15] (ABI)",
                                "POLICY[24..63]",
                                "FAMILY_ID",
                                "IMAGE_ID",
                                "CURRENT_TCB",
                                "PLATFORM_INFO",
                                "reserved",
                                "ID_KEY_DIGEST",
                                "AUTHOR_KEY_DIGEST",
                                "REPORT_ID",
                                "REPORT_ID_MA",
                                "REPORTED_TCB reserved",
                                "CPUID family, model, stepping",
                                "reserved (2)",
                                "COMMITTED_TCB",
                                "versions current and committed",
                                "LAUNCH_TCB",
                                "reserved (3)"));
    }

    @Test
    void claimsSayWhatTheReportSays() {
        Fixture fixture = new Fixture();
        fixture.report[8] = 0x1f;
        fixture.report[12] = 0x02;
        AppraisalResult result = judge(fixture, fixture.signed(), PINNED);
        assertThat(result.affirming()).as("%s", result.findings()).isTrue();
        assertThat(result.claim("signingKey")).contains("VCEK");
        assertThat(result.claim("product")).contains("milan");
        assertThat(result.claim("revocation")).contains("not checked");
        assertThat(result.claim("reportedTcb")).contains("0301000000000873");
        assertThat(result.claim("chipId")).contains("07".repeat(64));
        assertThat(result.claim("debug")).contains("disabled");
        assertThat(result.claim("policy")).contains("0x20000001f");
        assertThat(result.claim("reportData")).contains("00".repeat(64));
        assertThat(result.claim("hostdata")).contains("00".repeat(32));
        assertThat(result.claims()).containsEntry("vmpl", JsonValue.whole(0));
        fixture.report[10] = 1 << 3;
        fixture.crl = OwnPki.crl(fixture.ark);
        AppraisalResult debug = judge(fixture, fixture.signed(), PINNED);
        assertThat(debug.claim("debug")).contains("enabled");
        assertThat(debug.claim("revocation")).contains("checked");
    }

    @Test
    void aProvidersKeyIsClaimedAsSuch() {
        Fixture fixture = new Fixture();
        fixture.report[0x48] = 1 << 2;
        fixture.leaf.remove(OID + "4");
        AppraisalPolicy policy = PINNED.withSnp(new SnpRule(Set.of(0), true, false, false, Map.of()));
        AppraisalResult result = judge(fixture, fixture.signed(), policy);
        assertThat(result.affirming()).isTrue();
        assertThat(result.claim("signingKey")).contains("VLEK");
    }

    @Test
    void evidenceIsRecognisedByVersionAndLength() {
        SnpVerifier verifier = new SnpVerifier(TrustAnchors.none());
        byte[] report = new Fixture().signed();
        assertThat(verifier.recognises(report)).isTrue();
        assertThat(verifier.recognises(Arrays.copyOf(report, SnpReport.LENGTH - 1)))
                .isFalse();
        assertThat(verifier.recognises(Arrays.copyOf(report, SnpReport.LENGTH + 4096)))
                .isTrue();
        assertThat(verifier.recognises(Arrays.copyOf(report, SnpReport.LENGTH + 4097)))
                .isFalse();
        for (int version : new int[] {1, 16}) {
            assertThat(verifier.recognises(with(report, 0, version))).isTrue();
        }
        for (int version : new int[] {0, 17}) {
            assertThat(verifier.recognises(with(report, 0, version))).isFalse();
        }
        for (int at : new int[] {1, 2, 3}) {
            assertThat(verifier.recognises(with(report, at, 1))).isFalse();
        }
        byte[] padded = Arrays.copyOf(report, SnpReport.LENGTH + 7);
        padded[SnpReport.LENGTH] = 5;
        assertThat(verifier.significant(padded)).isEqualTo(report);
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] out = bytes.clone();
        out[at] = (byte) value;
        return out;
    }

    @Test
    void versionsTwoToFiveAreJudged() {
        for (int version : new int[] {2, 5}) {
            Fixture fixture = new Fixture();
            fixture.report[0] = (byte) version;
            assertThat(judge(fixture, fixture.signed(), PINNED).affirming()).isTrue();
        }
        for (int version : new int[] {1, 6}) {
            Fixture fixture = new Fixture();
            fixture.report[0] = (byte) version;
            assertThat(judge(fixture, fixture.signed(), PINNED).reasons()).containsExactly(Reason.UNSUPPORTED);
        }
    }

    @Test
    void unreadableEndorsementsAreNamed() {
        Fixture fixture = new Fixture();
        List<byte[]> documents = new java.util.ArrayList<>(fixture.endorsements());
        documents.add("neither this nor that".getBytes(StandardCharsets.UTF_8));
        assertThat(new SnpVerifier(fixture.anchors())
                        .appraise(
                                fixture.signed(), Endorsements.of(documents), PINNED, OwnPki.NOW, Expectation.nothing())
                        .reasons())
                .containsExactly(Reason.MALFORMED);
    }

    @Test
    void theMinimumItselfIsEnough() {
        Fixture fixture = new Fixture();
        AppraisalPolicy exact = PINNED.withSnp(new SnpRule(Set.of(0), false, false, false, Map.of("microcode", 115)));
        assertThat(judge(fixture, fixture.signed(), exact).affirming()).isTrue();
    }

    @Test
    void aListOfAnotherIssuerIsNoListOfTheRoot() {
        Fixture fixture = new Fixture();
        fixture.crl = OwnPki.crl(OwnPki.root("CN=ARK-Genoa", "secp384r1"));
        AppraisalPolicy required = PINNED.withSnp(new SnpRule(Set.of(0), false, false, true, Map.of()));
        assertThat(judge(fixture, fixture.signed(), required).reasons()).containsExactly(Reason.COLLATERAL_MISSING);
    }

    @Test
    void theListCoversTheAuthorityNotTheLeafOfTheSameNumber() {
        Fixture fixture = new Fixture();
        // The leaf has the serial number 0; the root's list speaks of what the root issued.
        fixture.crl =
                OwnPki.crl(fixture.ark, OwnPki.NOW.minusSeconds(9), OwnPki.NOW.plusSeconds(9), BigInteger.ZERO, false);
        assertThat(judge(fixture, fixture.signed(), PINNED).affirming()).isTrue();
    }

    @Test
    void oneUnknownAuthorityAloneIsMissingCollateralAndAPinnedRootAloneIsABrokenChain() {
        Fixture fixture = new Fixture();
        fixture.withAuthorities = false;
        assertThat(judge(fixture, fixture.signed(), PINNED).reasons()).containsExactly(Reason.COLLATERAL_MISSING);
        List<byte[]> rootAlone = List.of(fixture.endorsements().getFirst(), fixture.ark.der());
        assertThat(new SnpVerifier(fixture.anchors())
                        .appraise(
                                fixture.signed(), Endorsements.of(rootAlone), PINNED, OwnPki.NOW, Expectation.nothing())
                        .reasons())
                .contains(Reason.BAD_CERT_CHAIN);
    }

    @Test
    void wrappedHardwareIdsAndDamagedVersionsAreRead() {
        Fixture wrapped = new Fixture();
        byte[] id = Arrays.copyOfRange(wrapped.report, 0x1A0, 0x1E0);
        wrapped.leaf.put(OID + "4", OwnPki.der(new DEROctetString(id)));
        assertThat(judge(wrapped, wrapped.signed(), PINNED).affirming()).isTrue();
        Fixture shorter = new Fixture();
        shorter.leaf.put(OID + "4", OwnPki.der(new DEROctetString(Arrays.copyOf(id, 63))));
        assertThat(judge(shorter, shorter.signed(), PINNED).reasons()).containsExactly(Reason.CHIP_ID_MISMATCH);
        Fixture noOctets = new Fixture();
        noOctets.leaf.put(OID + "4", OwnPki.der(new ASN1Integer(5)));
        assertThat(judge(noOctets, noOctets.signed(), PINNED).reasons()).containsExactly(Reason.CHIP_ID_MISMATCH);
        Fixture damaged = new Fixture();
        damaged.leaf.put(OID + "3.8", new byte[] {0x30, 0});
        assertThat(judge(damaged, damaged.signed(), PINNED).reasons()).containsExactly(Reason.TCB_MISMATCH);
    }

    @Test
    void aSignatureWithBytesAboveItsFieldIsNone() {
        Fixture fixture = new Fixture();
        UnaryOperator<byte[]> high = bytes -> with(bytes, 0x2A0 + 48, 1);
        assertThat(judge(fixture, high.apply(fixture.signed()), PINNED).reasons())
                .containsExactly(Reason.BAD_SIGNATURE);
    }
}
