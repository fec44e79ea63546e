package io.bitdelta.attestation.evidence.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.PolicyDocument;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.pki.OwnPki;
import io.bitdelta.attestation.pki.OwnPki.Entity;
import io.bitdelta.attestation.pki.OwnPki.Spec;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each field of a document and its chain, changed once, caught by a named check. */
@NullUnmarked // in fixtures null means: the ordinary one
final class NitroForgeriesTest {
    private static final Entity ROOT = OwnPki.root("CN=aws.nitro-enclaves,C=US", "secp384r1");

    private static byte[] head(int major, int length) {
        if (length < 24) {
            return new byte[] {(byte) (major << 5 | length)};
        }
        return length < 256
                ? new byte[] {(byte) (major << 5 | 24), (byte) length}
                : new byte[] {(byte) (major << 5 | 25), (byte) (length >> 8), (byte) length};
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return join(head(3, utf8.length), utf8);
    }

    private static byte[] blob(byte[] value) {
        return join(head(2, value.length), value);
    }

    /** A document, affirming until a test changes something. */
    static final class Fixture {
        String digest = "SHA384";
        byte[] pcr0 = filled(1);
        byte[] userData = new byte[64];
        byte[] nonce = new byte[32];
        byte[] header = {(byte) 0xa1, 0x01, 0x38, 0x22};
        Entity intermediate = OwnPki.issue(ROOT, "CN=zonal", ca());
        Instant end = OwnPki.NOW.plusSeconds(3600);
        Instant begin = OwnPki.NOW.minusSeconds(60);
        KeyPair signer;
        boolean withBundle = true;
        boolean withRoot = true;
        boolean pin = true;
        long timestamp = OwnPki.NOW.toEpochMilli();
        Entity leafIssuer;
        UnaryOperator<byte[]> content = UnaryOperator.identity();
        Spec leafSpec = new Spec();

        static byte[] filled(int value) {
            byte[] out = new byte[48];
            java.util.Arrays.fill(out, (byte) value);
            return out;
        }

        static Spec ca() {
            Spec spec = new Spec();
            spec.ca = true;
            spec.curve = "secp384r1";
            return spec;
        }

        byte[] document() {
            Spec spec = leafSpec;
            spec.curve = "secp384r1";
            spec.notBefore = begin;
            spec.notAfter = end;
            Entity leaf = OwnPki.issue(leafIssuer == null ? intermediate : leafIssuer, "CN=enclave", spec);
            byte[] payload = content.apply(join(
                    head(5, 9),
                    text("module_id"),
                    text("i-1"),
                    text("digest"),
                    text(digest),
                    text("timestamp"),
                    join(
                            new byte[] {0x1b},
                            ByteBuffer.allocate(8).putLong(timestamp).array()),
                    text("pcrs"),
                    join(head(5, 2), new byte[] {0}, blob(pcr0), new byte[] {1}, blob(filled(2))),
                    text("certificate"),
                    blob(leaf.der()),
                    text("cabundle"),
                    withBundle
                            ? join(head(4, 2), blob(ROOT.der()), blob(intermediate.der()))
                            : new byte[] {(byte) 0xf6},
                    text("public_key"),
                    new byte[] {(byte) 0xf6},
                    text("user_data"),
                    blob(userData),
                    text("nonce"),
                    blob(nonce)));
            byte[] signed =
                    join(new byte[] {(byte) 0x84}, text("Signature1"), blob(header), blob(new byte[0]), blob(payload));
            byte[] signature = OwnPki.sign(signer == null ? leaf.keys() : signer, signed);
            return join(
                    new byte[] {(byte) 0x84}, blob(header), new byte[] {(byte) 0xa0}, blob(payload), blob(signature));
        }

        Endorsements endorsements() {
            return withRoot ? Endorsements.of(List.of(ROOT.der())) : Endorsements.none();
        }

        TrustAnchors anchors() {
            return pin
                    ? TrustAnchors.vendors()
                            .with(
                                    TrustAnchors.Vendor.AWS_NITRO,
                                    Set.of(ROOT.cert().keyId()))
                    : TrustAnchors.vendors();
        }

        NitroVerifier verifier() {
            return new NitroVerifier(anchors());
        }

        AppraisalResult judge(AppraisalPolicy policy, Expectation expectation) {
            return verifier().appraise(document(), endorsements(), policy, OwnPki.NOW, expectation);
        }
    }

    @Test
    void theUnchangedFixtureIsAffirming() {
        AppraisalResult result = new Fixture().judge(AppraisalPolicy.strict(), Expectation.nothing());
        assertThat(result.affirming()).as("%s", result.findings()).isTrue();
    }

    @TestFactory
    Stream<DynamicTest> changes() {
        Map<String, Consumer<Fixture>> changes = new LinkedHashMap<>();
        changes.put("BAD_SIGNATURE another key", f -> f.signer = OwnPki.ec("secp384r1"));
        changes.put("DEBUG", f -> f.pcr0 = new byte[48]);
        changes.put("MALFORMED digest", f -> f.digest = "SHA256");
        changes.put("MALFORMED algorithm", f -> f.header = new byte[] {(byte) 0xa1, 0x01, 0x38, 0x23});
        changes.put("MALFORMED short PCR", f -> f.pcr0 = new byte[47]);
        changes.put("CERT_EXPIRED", f -> f.end = OwnPki.NOW.minusSeconds(1));
        changes.put("CERT_NOT_YET_VALID", f -> f.begin = OwnPki.NOW.plusSeconds(1));
        changes.put("UNTRUSTED_ROOT", f -> f.pin = false);
        changes.put("BAD_CERT_CHAIN no bundle", f -> f.withBundle = false);
        changes.put(
                "BAD_CERT_CHAIN a stranger of the issuer's name",
                f -> f.leafIssuer = OwnPki.issue(ROOT, "CN=zonal", Fixture.ca()));
        changes.put("COLLATERAL_MISSING root", f -> f.withRoot = false);
        return changes.entrySet().stream()
                .map(change -> DynamicTest.dynamicTest(change.getKey(), () -> {
                    Fixture f = new Fixture();
                    change.getValue().accept(f);
                    AppraisalResult result = f.judge(AppraisalPolicy.strict(), Expectation.nothing());
                    assertThat(result.affirming()).isFalse();
                    assertThat(result.reasons())
                            .as("%s", result.findings())
                            .contains(Reason.valueOf(change.getKey().split(" ", 2)[0]));
                }));
    }

    @Test
    @Tag("sweep")
    void everyByteOfADocumentMatters() {
        Fixture f = new Fixture();
        byte[] document = f.document();
        for (int i = 6; i < document.length; i += 17) {
            byte[] changed = document.clone();
            changed[i] ^= 0x10;
            AppraisalResult result = f.verifier()
                    .appraise(changed, f.endorsements(), AppraisalPolicy.strict(), OwnPki.NOW, Expectation.nothing());
            assertThat(result.affirming()).as("byte %d", i).isFalse();
        }
    }

    @Test
    void nonceAndUserDataMustBeTheExpected() {
        Fixture f = new Fixture();
        byte[] other = new byte[64];
        other[63] = 1;
        assertThat(f.judge(AppraisalPolicy.strict(), Expectation.reportData(other))
                        .reasons())
                .containsExactly(Reason.REPORT_DATA_MISMATCH);
        assertThat(f.judge(AppraisalPolicy.strict(), Expectation.nothing().withNonce(new byte[31]))
                        .reasons())
                .containsExactly(Reason.NONCE_MISMATCH);
        assertThat(f.judge(
                                AppraisalPolicy.strict(),
                                Expectation.reportData(new byte[64]).withNonce(new byte[32]))
                        .affirming())
                .isTrue();
        f.userData = new byte[32];
        assertThat(f.judge(AppraisalPolicy.strict(), Expectation.reportData(new byte[64]))
                        .reasons())
                .containsExactly(Reason.REPORT_DATA_MISMATCH);
    }

    @Test
    void policiesPinRegistersAndAge() {
        Fixture f = new Fixture();
        AppraisalPolicy strict = AppraisalPolicy.strict();
        assertThat(f.judge(strict.withMeasurements(Map.of("pcr0", Set.of("01".repeat(48)))), Expectation.nothing())
                        .affirming())
                .isTrue();
        assertThat(f.judge(strict.withMeasurements(Map.of("pcr8", Set.of("00".repeat(48)))), Expectation.nothing())
                        .reasons())
                .containsExactly(Reason.MEASUREMENT_MISMATCH);
        AppraisalPolicy young = PolicyDocument.parse("{\"maxAgeSeconds\":60}".getBytes(StandardCharsets.UTF_8));
        assertThat(f.judge(young, Expectation.nothing()).affirming()).isTrue();
        f.timestamp -= 61_000;
        assertThat(f.judge(young, Expectation.nothing()).reasons()).containsExactly(Reason.COLLATERAL_EXPIRED);
    }

    @Test
    void hostileCborIsRefusedBeforeAnythingIsAllocated() {
        for (byte[] bytes : new byte[][] {
            {},
            {(byte) 0x9b, 0x7f, -1, -1, -1, -1, -1, -1, -1},
            {(byte) 0xbb, 0x00, 0x00, 0x00, 0x00, 0x7f, -1, -1, -1},
            {0x5a, 0x7f, -1, -1, -1},
            {(byte) 0x9f},
            {(byte) 0xfb, 0, 0, 0, 0, 0, 0, 0, 0},
            {(byte) 0xd2, 0x01},
            {
                (byte) 0x81,
                (byte) 0x81,
                (byte) 0x81,
                (byte) 0x81,
                (byte) 0x81,
                (byte) 0x81,
                (byte) 0x81,
                (byte) 0x81,
                (byte) 0x81,
                (byte) 0x81,
                0
            },
            {(byte) 0xa2, 0x01, 0x02, 0x01, 0x03},
            {0x61, (byte) 0xc0},
            {(byte) 0x1b, -1, -1, -1, -1, -1, -1, -1, -1}
        }) {
            assertThatThrownBy(() -> Cbor.read(ByteBuffer.wrap(bytes))).isInstanceOf(Cbor.CborException.class);
        }
    }
}
