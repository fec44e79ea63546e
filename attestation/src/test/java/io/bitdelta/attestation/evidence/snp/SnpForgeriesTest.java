package io.bitdelta.attestation.evidence.snp;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.appraisal.SnpRule;
import io.bitdelta.attestation.pki.OwnPki;
import io.bitdelta.attestation.pki.OwnPki.Entity;
import io.bitdelta.attestation.pki.OwnPki.Spec;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Integer;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each field of a report and of its certificates, changed once, caught by a named check. */
@NullUnmarked // in fixtures null means: the ordinary one
final class SnpForgeriesTest {
    private static final String OID = "1.3.6.1.4.1.3704.1.";
    private static final KeyPair ARK_KEYS = rsa();
    private static final KeyPair ASK_KEYS = rsa();
    private static final KeyPair CHIP_KEYS = OwnPki.ec("secp384r1");

    private static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(Integer.getInteger("bitdelta.test.rsa", 3072));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Entity authority(Entity issuer, String name, KeyPair keys) {
        Spec spec = new Spec();
        spec.ca = true;
        spec.keys = keys;
        spec.serial = BigInteger.valueOf(issuer == null ? 1 : 2);
        return OwnPki.issue(issuer, name, spec);
    }

    private static final Entity ARK = authority(null, "CN=ARK-Milan", ARK_KEYS);
    private static final Entity ASK = authority(ARK, "CN=SEV-Milan", ASK_KEYS);

    /** A report and its certificates, affirming until a test changes something. */
    static final class Fixture {
        TrustAnchors.Vendor product = TrustAnchors.Vendor.AMD_MILAN;
        byte[] report = new byte[1184];
        Map<String, byte[]> leaf = new LinkedHashMap<>();
        Entity ark = ARK;
        Entity ask = ASK;
        KeyPair signer = CHIP_KEYS;
        Instant end = OwnPki.NOW.plusSeconds(86_400);
        Instant begin = OwnPki.NOW.minusSeconds(86_400);
        boolean withLeaf = true;
        boolean withAuthorities = true;
        byte[] crl;
        boolean pin = true;

        Fixture() {
            report[0] = 3;
            report[0x34] = 1;
            Arrays.fill(report, 0x1A0, 0x1E0, (byte) 7);
            tcb(new int[] {3, 1, 0, 0, 0, 0, 8, 115});
            leaf.put(OID + "4", Arrays.copyOfRange(report, 0x1A0, 0x1E0));
            set("3.1", 3);
            set("3.2", 1);
            set("3.3", 8);
            set("3.8", 115);
        }

        static Fixture turin() {
            Fixture f = new Fixture();
            f.product = TrustAnchors.Vendor.AMD_TURIN;
            f.tcb(new int[] {1, 3, 1, 8, 0, 0, 0, 115});
            f.set("3.9", 1);
            Arrays.fill(f.report, 0x1A8, 0x1E0, (byte) 0);
            f.leaf.put(OID + "4", Arrays.copyOfRange(f.report, 0x1A0, 0x1A8));
            return f;
        }

        void tcb(int[] bytes) {
            for (int i = 0; i < 8; i++) {
                report[0x180 + i] = (byte) bytes[i];
            }
        }

        void set(String oid, int value) {
            leaf.put(OID + oid, OwnPki.der(new ASN1Integer(value)));
        }

        byte[] signed() {
            byte[] rs = OwnPki.sign(signer, Arrays.copyOf(report, 0x2A0));
            byte[] out = report.clone();
            for (int part = 0; part < 2; part++) {
                for (int i = 0; i < 48; i++) {
                    out[0x2A0 + 72 * part + i] = rs[48 * part + 47 - i];
                }
            }
            return out;
        }

        List<byte[]> endorsements() {
            List<byte[]> out = new ArrayList<>();
            if (withLeaf) {
                Spec spec = new Spec();
                spec.keys = CHIP_KEYS;
                spec.serial = BigInteger.ZERO;
                spec.notBefore = begin;
                spec.notAfter = end;
                spec.extensions = leaf;
                out.add(OwnPki.issue(ask, "CN=SEV-VCEK", spec).der());
            }
            if (withAuthorities) {
                out.add(OwnPki.pem(ASK.der(), ark.der()).getBytes(StandardCharsets.US_ASCII));
            }
            if (crl != null) {
                out.add(crl);
            }
            return out;
        }

        TrustAnchors anchors() {
            return pin ? TrustAnchors.vendors().with(product, Set.of(ARK.cert().keyId())) : TrustAnchors.vendors();
        }

        AppraisalResult judge(AppraisalPolicy policy) {
            return new SnpVerifier(anchors())
                    .appraise(signed(), Endorsements.of(endorsements()), policy, OwnPki.NOW, Expectation.nothing());
        }
    }

    @Test
    void theUnchangedFixturesAreAffirming() {
        for (Fixture fixture : List.of(new Fixture(), Fixture.turin())) {
            AppraisalResult result = fixture.judge(AppraisalPolicy.strict());
            assertThat(result.affirming()).as("%s", result.findings()).isTrue();
        }
    }

    @TestFactory
    Stream<DynamicTest> changes() {
        Map<String, Consumer<Fixture>> changes = new LinkedHashMap<>();
        changes.put("BAD_SIGNATURE another key", f -> f.signer = OwnPki.ec("secp384r1"));
        changes.put("UNSUPPORTED algorithm", f -> f.report[0x34] = 2);
        changes.put("UNSUPPORTED signing key", f -> f.report[0x48] = 7 << 2);
        changes.put("UNSUPPORTED version", f -> f.report[0] = 9);
        changes.put("COLLATERAL_MISSING VCEK", f -> f.withLeaf = false);
        changes.put("COLLATERAL_MISSING authorities", f -> f.withAuthorities = false);
        changes.put("COLLATERAL_MISSING VLEK for a report that claims one", f -> f.report[0x48] = 1 << 2);
        changes.put(
                "BAD_CERT_CHAIN a stranger of the authority's name",
                f -> f.ask = authority(ARK, "CN=SEV-Milan", rsa()));
        changes.put("UNTRUSTED_ROOT", f -> f.pin = false);
        changes.put("CERT_EXPIRED", f -> f.end = OwnPki.NOW.minusSeconds(1));
        changes.put("CERT_NOT_YET_VALID", f -> f.begin = OwnPki.NOW.plusSeconds(1));
        changes.put(
                "CERT_REVOKED authority",
                f -> f.crl =
                        OwnPki.crl(ARK, OwnPki.NOW.minusSeconds(9), OwnPki.NOW.plusSeconds(9), BigInteger.TWO, false));
        changes.put(
                "CRL_EXPIRED",
                f -> f.crl = OwnPki.crl(ARK, OwnPki.NOW.minusSeconds(9), OwnPki.NOW.minusSeconds(1), null, false));
        changes.put("CRL_ISSUER_MISMATCH", f -> f.crl = OwnPki.crl(authority(null, "CN=ARK-Milan", rsa())));
        changes.put("TCB_MISMATCH bootloader", f -> f.report[0x180] = 2);
        changes.put("TCB_MISMATCH TEE", f -> f.report[0x181] = 2);
        changes.put("TCB_MISMATCH SNP", f -> f.report[0x186] = 9);
        changes.put("TCB_MISMATCH microcode", f -> f.report[0x187] = 1);
        changes.put("TCB_MISMATCH extension missing", f -> f.leaf.remove(OID + "3.8"));
        changes.put("TCB_MISMATCH extension unreadable, zero reported", f -> {
            f.report[0x181] = 0;
            f.leaf.put(OID + "3.2", new byte[] {4, 0});
        });
        changes.put("CHIP_ID_MISMATCH", f -> f.report[0x1A0] = 8);
        changes.put("CHIP_ID_MISMATCH masked", f -> Arrays.fill(f.report, 0x1A0, 0x1E0, (byte) 0));
        changes.put("DEBUG", f -> f.report[8 + 2] = 1 << 3);
        changes.put("MIGRATION", f -> f.report[8 + 2] = 1 << 2);
        changes.put("VMPL", f -> f.report[0x30] = 1);
        return changes.entrySet().stream()
                .map(change -> DynamicTest.dynamicTest(change.getKey(), () -> {
                    Fixture f = new Fixture();
                    change.getValue().accept(f);
                    AppraisalResult result = f.judge(AppraisalPolicy.strict());
                    assertThat(result.affirming()).isFalse();
                    assertThat(result.reasons())
                            .as("%s", result.findings())
                            .contains(Reason.valueOf(change.getKey().split(" ", 2)[0]));
                }));
    }

    @Test
    @Tag("sweep")
    void everyByteOfAReportMatters() {
        Fixture f = new Fixture();
        byte[] report = f.signed();
        Endorsements endorsements = Endorsements.of(f.endorsements());
        SnpVerifier verifier = new SnpVerifier(f.anchors());
        for (int i = 0; i < report.length; i += 7) {
            byte[] changed = report.clone();
            changed[i] ^= 0x40;
            boolean unsignedTail = i >= 0x2A0 + 144;
            AppraisalResult result = verifier.appraise(
                    changed, endorsements, AppraisalPolicy.strict(), OwnPki.NOW, Expectation.nothing());
            assertThat(result.affirming())
                    .as("byte %d %s", i, result.findings())
                    .isEqualTo(unsignedTail);
        }
    }

    @Test
    void policiesAskForMore() {
        Fixture f = new Fixture();
        AppraisalPolicy minimum =
                AppraisalPolicy.strict().withSnp(new SnpRule(Set.of(0), false, false, false, Map.of("microcode", 116)));
        assertThat(f.judge(minimum).reasons()).containsExactly(Reason.TCB_MISMATCH);
        AppraisalPolicy crl = AppraisalPolicy.strict().withSnp(new SnpRule(Set.of(0), false, false, true, Map.of()));
        assertThat(f.judge(crl).reasons()).containsExactly(Reason.COLLATERAL_MISSING);
        f.crl = OwnPki.crl(ARK);
        assertThat(f.judge(crl).affirming()).isTrue();
        AppraisalPolicy pinned =
                AppraisalPolicy.strict().withMeasurements(Map.of("measurement", Set.of("00".repeat(48))));
        assertThat(f.judge(pinned).affirming()).isTrue();
        f.report[0x90] = 1;
        assertThat(f.judge(pinned).reasons()).containsExactly(Reason.MEASUREMENT_MISMATCH);
    }

    @Test
    void aProvidersKeyNeedsNoChip() {
        Fixture f = new Fixture();
        f.report[0x48] = 1 << 2;
        f.leaf.remove(OID + "4");
        assertThat(f.judge(AppraisalPolicy.strict()).reasons()).containsExactly(Reason.STATUS_NOT_ALLOWED);
        assertThat(f.judge(AppraisalPolicy.strict().withSnp(new SnpRule(Set.of(0), true, false, false, Map.of())))
                        .affirming())
                .isTrue();
    }

    /** Writes the sample of the bench package anew: the argument is the folder of its resources. */
    public static void main(String[] arguments) throws java.io.IOException {
        Fixture f = new Fixture();
        io.bitdelta.attestation.evidence.dcap.SampleWriter.write(
                java.nio.file.Path.of(arguments[0], "snp.json"),
                f.signed(),
                f.endorsements(),
                "amd_milan",
                ARK.cert().keyId());
    }
}
