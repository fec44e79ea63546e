package io.bitdelta.attestation.evidence.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.pki.OwnPki;
import io.bitdelta.attestation.pki.OwnPki.Spec;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each field of a report, its manifests, chains and OCSP answers, changed once, caught by a named check. */
@NullUnmarked // in fixtures null means: the ordinary one
final class NvidiaForgeriesTest {
    @Test
    void theUnchangedFixtureIsAffirming() throws Exception {
        AppraisalResult result = new NvidiaFixture().judge(Expectation.nothing().withNonce(new byte[32]));
        assertThat(result.affirming()).as("%s", result.findings()).isTrue();
    }

    @TestFactory
    Stream<DynamicTest> changes() {
        Map<String, Consumer<NvidiaFixture>> changes = new LinkedHashMap<>();
        changes.put("BAD_SIGNATURE another key", f -> f.signer = OwnPki.ec("secp384r1"));
        changes.put("MALFORMED request code", f -> f.requestCode = 0xE1);
        changes.put("NONCE_MISMATCH", f -> f.nonce[31] = 1);
        changes.put("MEASUREMENT_MISMATCH firmware id", f -> f.reportedFwid = NvidiaFixture.filled(48, 0x34));
        changes.put("MEASUREMENT_MISMATCH driver index", f -> f.blocks.put(10, NvidiaFixture.filled(48, 0x77)));
        changes.put("MEASUREMENT_MISMATCH VBIOS index", f -> f.blocks.put(30, NvidiaFixture.filled(48, 0x77)));
        changes.put("MEASUREMENT_MISMATCH block missing", f -> f.blocks.remove(12));
        changes.put("MEASUREMENT_MISMATCH both manifests claim an index", f -> f.bothClaimOne = true);
        changes.put(
                "MEASUREMENT_MISMATCH NVDEC0 on and index 35 differs",
                f -> f.blocks.put(36, NvidiaFixture.filled(48, 0x77)));
        changes.put("NOT_A_GPU switch", f -> f.chip = "LS_10 A01 FSP FMC LF");
        changes.put("BAD_CERT_CHAIN chain too short", f -> f.shortChain = true);
        changes.put(
                "BAD_CERT_CHAIN a stranger of the issuer's name",
                f -> f.leafIssuer =
                        OwnPki.issue(NvidiaFixture.DEVICE_ROOT, "CN=GH100 A01 GSP BROM", NvidiaFixture.spec(true, 4)));
        changes.put("UNTRUSTED_ROOT", f -> f.pinDevice = false);
        changes.put("BAD_RIM_CHAIN root not pinned", f -> f.pinRim = false);
        changes.put("BAD_RIM_SIGNATURE another key", f -> f.rimSigner = OwnPki.ec("secp384r1"));
        changes.put("BAD_RIM_SIGNATURE two references", f -> f.rimReferences = 2);
        changes.put(
                "BAD_RIM_SIGNATURE of no known algorithm",
                f -> f.rimText = "xmldsig-more#ecdsa-sha384=>xmldsig-more#ecdsa-none");
        changes.put("BAD_RIM_SIGNATURE value changed", f -> f.rimText = "050505=>050506");
        changes.put(
                "BAD_RIM_SIGNATURE entry of fewer alternatives",
                f -> f.rimText = "alternatives=\"2\" index=\"5\"=>alternatives=\"1\" index=\"5\"");
        changes.put(
                "MALFORMED a document type",
                f -> f.rimText =
                        "<SoftwareIdentity=><!DOCTYPE SoftwareIdentity [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><SoftwareIdentity");
        changes.put("RIM_CERT_EXPIRED", f -> f.rimEnd = OwnPki.NOW.minusSeconds(1));
        changes.put("RIM_MISSING driver", f -> f.rimForDriver = false);
        changes.put("RIM_MISSING VBIOS", f -> f.rimForVbios = false);
        changes.put("RIM_MISSING driver of another version", f -> f.driverInRim = "590.13");
        changes.put("RIM_MISSING VBIOS of another version", f -> f.vbiosInRim = "96.00.A5.00.02");
        changes.put("RIM_MISSING another chip", f -> f.rimProduct = "GB100");
        changes.put("OCSP_MISSING", f -> f.withOcsp = false);
        changes.put("OCSP_MISSING stale answer", f -> f.ocspEnd = OwnPki.NOW.minusSeconds(1));
        changes.put("OCSP_MISSING responder does not know", f -> f.rimLeafStatus = new UnknownStatus());
        changes.put(
                "OCSP_MISSING answered by a stranger",
                f -> f.ocspSigner = OwnPki.issue(NvidiaFixture.RIM_ROOT, "CN=responder", NvidiaFixture.spec(false, 8)));
        changes.put("OCSP_REVOKED manifest signer", f -> f.rimLeafStatus = revoked(CRLReason.keyCompromise));
        changes.put("CERT_ON_HOLD manifest signer", f -> f.rimLeafStatus = revoked(CRLReason.certificateHold));
        changes.put("OCSP_REVOKED device", f -> f.bromStatus = revoked(CRLReason.keyCompromise));
        return changes.entrySet().stream()
                .map(change -> DynamicTest.dynamicTest(change.getKey(), () -> {
                    NvidiaFixture f = new NvidiaFixture();
                    change.getValue().accept(f);
                    AppraisalResult result = f.judge(Expectation.nothing().withNonce(new byte[32]));
                    assertThat(result.affirming()).isFalse();
                    assertThat(result.reasons())
                            .as("%s", result.findings())
                            .contains(Reason.valueOf(change.getKey().split(" ", 2)[0]));
                }));
    }

    private static RevokedStatus revoked(int reason) {
        return new RevokedStatus(Date.from(OwnPki.NOW.minusSeconds(60)), reason);
    }

    @Test
    void aDelegatedResponderMayAnswer() throws Exception {
        NvidiaFixture f = new NvidiaFixture();
        Spec responder = NvidiaFixture.spec(false, 9);
        responder.ocspSigner = true;
        f.ocspSigner = OwnPki.issue(NvidiaFixture.RIM_CA, "CN=responder", responder);
        assertThat(f.judge(Expectation.nothing()).affirming()).isTrue();
    }

    @Test
    void index35IsSkippedWhileNvdec0IsDisabled() throws Exception {
        NvidiaFixture f = new NvidiaFixture();
        f.nvdec = 0x55;
        f.blocks.put(36, NvidiaFixture.filled(48, 0x77));
        assertThat(f.judge(Expectation.nothing()).affirming()).isTrue();
    }

    @Test
    @Tag("sweep")
    void everyByteOfAReportMatters() throws Exception {
        NvidiaFixture f = new NvidiaFixture();
        byte[] report = f.report();
        for (int i = 2; i < report.length; i += 5) {
            byte[] changed = report.clone();
            changed[i] ^= 0x08;
            SpdmReport parsed;
            try {
                parsed = SpdmReport.parse(changed);
            } catch (RuntimeException e) {
                assertThat(e)
                        .isInstanceOfAny(
                                SpdmReport.SpdmException.class, io.bitdelta.attestation.bytes.TruncatedException.class);
                continue;
            }
            assertThat(io.bitdelta.attestation.pki.VerifyingKey.ofSubjectPublicKeyInfo(
                                    f.leafKeys.getPublic().getEncoded())
                            .p384(parsed.signed(), parsed.signature()))
                    .as("byte %d", i)
                    .isFalse();
        }
    }
}
