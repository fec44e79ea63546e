package io.bitdelta.attestation.evidence.dcap;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.pki.OwnPki;
import io.bitdelta.attestation.pki.OwnPki.Spec;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each field and each signature of a quote and its collateral, changed once, caught by a named check. */
final class DcapForgeriesTest {
    @Test
    void theUnchangedFixturesAreAffirming() {
        for (DcapFixture fixture : List.of(DcapFixture.sgx(), DcapFixture.tdx(), DcapFixture.tdx15())) {
            AppraisalResult result = fixture.judge();
            assertThat(result.affirming()).as("%s", result.findings()).isTrue();
            assertThat(result.status()).isEqualTo("UpToDate");
            assertThat(result.validUntil()).contains(fixture.nextUpdate);
        }
    }

    /** Changes after which the platform signs again: only the named check can notice. */
    @TestFactory
    Stream<DynamicTest> resignedChanges() {
        Map<String, Consumer<DcapFixture>> changes = new LinkedHashMap<>();
        changes.put("BAD_QUOTE_SIGNATURE signed by another key", f -> f.quoteSigner = OwnPki.ec("secp256r1"));
        changes.put("QE_BINDING attestation key substituted", f -> {
            f.quote();
            f.bindKey = false;
            f.attestationKey = OwnPki.ec("secp256r1");
            f.quoteSigner = f.attestationKey;
        });
        changes.put("QE_BINDING second half of report data", f -> {
            f.quote();
            f.bindKey = false;
            f.qeReport[383] = 1;
        });
        changes.put("BAD_QE_SIGNATURE signed by another key", f -> f.qeSigner = OwnPki.ec("secp256r1"));
        changes.put("QE_IDENTITY_MISMATCH MRSIGNER", f -> f.qeReport[128] ^= 1);
        changes.put("QE_IDENTITY_MISMATCH ISVPRODID", f -> f.qeReport[256] ^= 4);
        changes.put("QE_IDENTITY_MISMATCH MISCSELECT", f -> f.qeReport[16] ^= 1);
        changes.put("QE_IDENTITY_MISMATCH ATTRIBUTES", f -> f.qeReport[48] ^= 2);
        changes.put("QE_IDENTITY_MISMATCH ISVSVN below all", f -> f.qeReport[258] = 3);
        changes.put("OUT_OF_DATE quoting enclave", f -> f.qeStatus = "OutOfDate");
        changes.put("STATUS_NOT_ALLOWED quoting enclave revoked", f -> f.qeStatus = "Revoked");
        changes.put(
                "BAD_CERT_CHAIN PCK by a stranger of the CA's name",
                f -> f.pckIssuer = OwnPki.issue(f.root, f.platformCa.name().toString(), ca()));
        changes.put("UNTRUSTED_ROOT root of the right name and another key", f -> f.pin = false);
        changes.put(
                "BAD_CERT_CHAIN issuer is no CA",
                f -> f.platformCa = OwnPki.issue(f.root, f.platformCa.name().toString(), new Spec()));
        changes.put("CERT_EXPIRED PCK", f -> f.pckEnd = OwnPki.NOW.minusSeconds(1));
        changes.put("CERT_NOT_YET_VALID PCK", f -> f.pckBegin = OwnPki.NOW.plusSeconds(1));
        changes.put("CERT_REVOKED PCK", f -> f.revokedPck = BigInteger.valueOf(77));
        changes.put("CERT_ON_HOLD PCK", f -> {
            f.revokedPck = BigInteger.valueOf(77);
            f.hold = true;
        });
        changes.put("CERT_REVOKED platform CA", f -> f.revokedCa = BigInteger.valueOf(11));
        changes.put("CERT_REVOKED TCB signer", f -> f.revokedTcbSigner = BigInteger.valueOf(99));
        changes.put("CRL_EXPIRED", f -> f.crlTo = OwnPki.NOW.minusSeconds(1));
        changes.put("COLLATERAL_NOT_YET_VALID CRL", f -> f.crlFrom = OwnPki.NOW.plusSeconds(1));
        changes.put(
                "CRL_ISSUER_MISMATCH list of another CA",
                f -> f.pckCrlIssuer = OwnPki.issue(f.root, "CN=Intel SGX PCK Processor CA", ca()));
        changes.put(
                "CRL_ISSUER_MISMATCH list by a stranger of the CA's name",
                f -> f.pckCrlIssuer = OwnPki.issue(f.root, f.platformCa.name().toString(), ca()));
        changes.put("CRL_ISSUER_MISMATCH issuer that may not sign lists", f -> {
            Spec spec = ca();
            spec.signsLists = false;
            f.platformCa = OwnPki.issue(f.root, f.platformCa.name().toString(), spec);
        });
        changes.put("COLLATERAL_MISSING TCB info", f -> f.withTcbInfo = false);
        changes.put("COLLATERAL_MISSING QE identity", f -> f.withIdentity = false);
        changes.put("COLLATERAL_MISSING root CRL", f -> f.withRootCrl = false);
        changes.put("COLLATERAL_MISSING PCK CRL", f -> f.withPckCrl = false);
        changes.put("COLLATERAL_EXPIRED", f -> f.nextUpdate = OwnPki.NOW.minusSeconds(1));
        changes.put("COLLATERAL_NOT_YET_VALID", f -> f.issued = OwnPki.NOW.plusSeconds(1));
        changes.put("BAD_TCB_INFO_SIGNATURE", f -> f.tcbInfoSigner = OwnPki.ec("secp256r1"));
        changes.put("BAD_TCB_INFO_SIGNATURE signed by the PCK", f -> {
            f.quote();
            f.tcbInfoSigner = f.pck.keys();
        });
        changes.put("BAD_TCB_INFO_SIGNATURE signer not under the root", f -> {
            Spec signing = new Spec();
            signing.serial = BigInteger.valueOf(99);
            f.tcbSigner = OwnPki.issue(f.platformCa, "CN=Intel SGX TCB Signing", signing);
        });
        changes.put("BAD_QE_IDENTITY_SIGNATURE", f -> f.identitySigner = OwnPki.ec("secp256r1"));
        changes.put("FMSPC_MISMATCH", f -> f.infoFmspc = "00A0B0C0D0E1");
        changes.put("PCEID_MISMATCH", f -> f.infoPceId = "0100");
        changes.put("TCB_LEVEL_NOT_FOUND first component", f -> f.components[0] = 1);
        changes.put("TCB_LEVEL_NOT_FOUND last component", f -> f.components[15] = 1);
        changes.put("TCB_LEVEL_NOT_FOUND PCESVN", f -> f.pceSvn = 9);
        changes.put("OUT_OF_DATE platform", f -> f.tcbStatus = "OutOfDate");
        changes.put("OUT_OF_DATE platform with configuration", f -> f.tcbStatus = "OutOfDateConfigurationNeeded");
        changes.put("STATUS_NOT_ALLOWED SWHardeningNeeded", f -> f.tcbStatus = "SWHardeningNeeded");
        changes.put("STATUS_NOT_ALLOWED Revoked", f -> f.tcbStatus = "Revoked");
        changes.put("MALFORMED unknown status", f -> f.tcbStatus = "Splendid");
        changes.put("UNSUPPORTED attestation key type", f -> f.keyType = 3);
        changes.put("UNSUPPORTED certification data type", f -> f.certType = 1);
        Map<String, Consumer<DcapFixture>> onlyTdx = new LinkedHashMap<>();
        onlyTdx.put("DEBUG", f -> f.body[120] = 1);
        onlyTdx.put("SEPT_VE_DISABLE", f -> f.body[123] = 0);
        onlyTdx.put("MODULE_MISMATCH unknown major", f -> f.body[1] = 2);
        onlyTdx.put("MODULE_MISMATCH MRSIGNERSEAM", f -> f.body[64] = 1);
        onlyTdx.put("MODULE_MISMATCH SEAMATTRIBUTES", f -> f.body[112] = 1);
        onlyTdx.put("OUT_OF_DATE module", f -> f.body[0] = 4);
        onlyTdx.put("TCB_LEVEL_NOT_FOUND module", f -> f.body[0] = 2);
        onlyTdx.put("TCB_LEVEL_NOT_FOUND TEE_TCB_SVN[2]", f -> f.body[2] = 1);
        Map<String, Consumer<DcapFixture>> onlySgx = new LinkedHashMap<>();
        onlySgx.put("DEBUG", f -> f.body[48] |= 2);
        Map<String, Consumer<DcapFixture>> onlyTdx15 = new LinkedHashMap<>();
        onlyTdx15.put("SERVICE_TD", f -> f.body[600] = 1);
        onlyTdx15.put("OUT_OF_DATE module, no newer one runs", f -> {
            f.body[0] = 4;
            f.body[584] = 4;
        });
        return Stream.of(
                        tests("SGX v3", DcapFixture::sgx, changes),
                        tests("SGX v3", DcapFixture::sgx, onlySgx),
                        tests("TDX v4", DcapFixture::tdx, changes),
                        tests("TDX v4", DcapFixture::tdx, onlyTdx),
                        tests("TDX v5", DcapFixture::tdx15, changes),
                        tests("TDX v5", DcapFixture::tdx15, onlyTdx15))
                .flatMap(s -> s);
    }

    private static Spec ca() {
        Spec spec = new Spec();
        spec.ca = true;
        spec.serial = BigInteger.valueOf(11);
        return spec;
    }

    private static Stream<DynamicTest> tests(
            String technology, Supplier<DcapFixture> fixture, Map<String, Consumer<DcapFixture>> changes) {
        return changes.entrySet().stream()
                .map(change -> DynamicTest.dynamicTest(technology + " " + change.getKey(), () -> {
                    DcapFixture f = fixture.get();
                    change.getValue().accept(f);
                    AppraisalResult result = f.judge();
                    assertThat(result.affirming()).isFalse();
                    assertThat(result.reasons())
                            .as("%s", result.findings())
                            .contains(Reason.valueOf(change.getKey().split(" ", 2)[0]));
                }));
    }

    @Test
    @Tag("sweep")
    void everyByteOfAQuoteMatters() {
        for (DcapFixture fixture : List.of(DcapFixture.sgx(), DcapFixture.tdx(), DcapFixture.tdx15())) {
            byte[] quote = fixture.quote();
            Endorsements endorsements = Endorsements.of(fixture.endorsements());
            DcapVerifier verifier = new DcapVerifier(fixture.anchors());
            int signatures = quote.length - 1200;
            Random random = new Random(7);
            for (int i = 0; i < quote.length; i += i < signatures ? 11 : 47) {
                byte[] changed = quote.clone();
                changed[i] ^= (byte) (1 << random.nextInt(8));
                if (!verifier.recognises(changed)) {
                    continue;
                }
                AppraisalResult result = verifier.appraise(
                        changed, endorsements, AppraisalPolicy.strict(), OwnPki.NOW, Expectation.nothing());
                // The PEM text may change where certificates do not: case of nothing, line ends.
                if (result.affirming()) {
                    assertThat(isPemFraming(quote, i) || sameCertificates(quote, changed))
                            .as("byte %d", i)
                            .isTrue();
                }
            }
        }
    }

    private static boolean isPemFraming(byte[] quote, int at) {
        String text = new String(quote, StandardCharsets.ISO_8859_1);
        int from = text.indexOf("-----BEGIN");
        if (at < from) {
            return false;
        }
        int lineStart = text.lastIndexOf('\n', at - 1) + 1;
        String line = text.substring(lineStart, Math.max(text.indexOf('\n', lineStart), lineStart));
        // Changes of the root's copy (the endorsements have another), of frames and of line ends change no certificate.
        return text.charAt(at) == '\n' || line.startsWith("-----") || at > text.lastIndexOf("-----BEGIN");
    }

    /** The last character of a certificate's text has bits that stand for nothing; whether it has depends on its length. */
    private static boolean sameCertificates(byte[] quote, byte[] changed) {
        return certificates(quote).equals(certificates(changed));
    }

    private static List<String> certificates(byte[] quote) {
        String text = new String(quote, StandardCharsets.ISO_8859_1);
        return Pattern.compile("-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", Pattern.DOTALL)
                .matcher(text)
                .results()
                .map(block -> HexFormat.of()
                        .formatHex(Base64.getDecoder().decode(block.group(1).replaceAll("\\s", ""))))
                .toList();
    }

    @Test
    void truncatedQuotesAreMalformed() {
        byte[] quote = DcapFixture.tdx().quote();
        DcapFixture fixture = DcapFixture.tdx();
        for (int length = 54; length < quote.length; length += 97) {
            AppraisalResult result = fixture.judge(Arrays.copyOf(quote, length), AppraisalPolicy.strict());
            assertThat(result.reasons()).as("length %d", length).contains(Reason.MALFORMED);
        }
    }

    @Test
    void aMalleatedSignatureBindsTheSameStatement() {
        DcapFixture fixture = DcapFixture.tdx();
        byte[] quote = fixture.quote();
        int at = DcapQuote.HEADER + DcapQuote.TD10_BODY + 4 + 32;
        BigInteger n = new BigInteger("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16);
        byte[] s = n.subtract(new BigInteger(1, quote, at, 32)).toByteArray();
        byte[] padded = new byte[32];
        System.arraycopy(s, Math.max(0, s.length - 32), padded, Math.max(0, 32 - s.length), Math.min(32, s.length));
        System.arraycopy(padded, 0, quote, at, 32);
        // Both forms verify by definition of the curve; replay protection is keyed on the statement, not on these
        // bytes.
        assertThat(fixture.judge(quote, AppraisalPolicy.strict()).affirming()).isTrue();
    }

    @Test
    void statusesOfPartsAreMerged() {
        DcapFixture fixture = DcapFixture.tdx();
        fixture.tcbStatus = "ConfigurationNeeded";
        fixture.body[0] = 4;
        assertThat(fixture.judge().status()).isEqualTo("OutOfDateConfigurationNeeded");
        DcapFixture hardening = DcapFixture.tdx();
        hardening.tcbStatus = "SWHardeningNeeded";
        hardening.qeStatus = "ConfigurationNeeded";
        assertThat(hardening.judge().status()).isEqualTo("ConfigurationAndSWHardeningNeeded");
    }

    @Test
    void aRestartIsAdvisedWhenOnlyTheModuleAtLaunchWasOld() {
        DcapFixture fixture = DcapFixture.tdx15();
        fixture.body[0] = 4;
        AppraisalResult result = fixture.judge();
        assertThat(result.status()).isEqualTo("TDRelaunchAdvised");
        assertThat(result.reasons()).containsExactly(Reason.STATUS_NOT_ALLOWED);
        assertThat(fixture.judge(AppraisalPolicy.strict().withStatuses(Set.of("TDRelaunchAdvised")))
                        .affirming())
                .isTrue();
    }

    @Test
    void policiesPinAdvisoriesAndEvaluationNumbers() {
        DcapFixture fixture = DcapFixture.tdx();
        fixture.advisories = ",\"advisoryIDs\":[\"INTEL-SA-00001\"]";
        AppraisalPolicy strict = AppraisalPolicy.strict();
        assertThat(fixture.judge().affirming()).isTrue();
        assertThat(fixture.judge(io.bitdelta.attestation.appraisal.PolicyDocument.parse(
                                "{\"refusedAdvisories\":[\"INTEL-SA-00001\"]}"
                                        .getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                        .reasons())
                .containsExactly(Reason.STATUS_NOT_ALLOWED);
        assertThat(fixture.judge(io.bitdelta.attestation.appraisal.PolicyDocument.parse(
                                "{\"minimumTcbEvaluation\":19}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                        .reasons())
                .containsExactly(Reason.OUT_OF_DATE);
        assertThat(strict.minimumTcbEvaluation()).isZero();
    }

    @Test
    void reportDataMustBeTheExpected() {
        DcapFixture fixture = DcapFixture.tdx();
        byte[] wanted = new byte[64];
        wanted[0] = 9;
        assertThat(new DcapVerifier(fixture.anchors())
                        .appraise(
                                fixture.quote(),
                                Endorsements.of(fixture.endorsements()),
                                AppraisalPolicy.strict(),
                                OwnPki.NOW,
                                Expectation.reportData(wanted))
                        .reasons())
                .containsExactly(Reason.REPORT_DATA_MISMATCH);
    }
}
