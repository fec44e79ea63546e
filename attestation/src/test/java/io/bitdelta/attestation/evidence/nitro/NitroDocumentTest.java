package io.bitdelta.attestation.evidence.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.evidence.nitro.NitroForgeriesTest.Fixture;
import io.bitdelta.attestation.pki.OwnPki;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a document's bytes mean: its own length, the signed structure, claims, limits. */
final class NitroDocumentTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static Cbor.Item read(String hex) {
        return Cbor.read(ByteBuffer.wrap(hex(hex)));
    }

    /** The shortest encoding of a byte string, as RFC 8949 section 4.2 asks for, by the library-free rule of its table. */
    private static byte[] string(int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (length < 24) {
            out.write(0x40 + length);
        } else if (length <= 0xff) {
            out.writeBytes(new byte[] {0x58, (byte) length});
        } else if (length <= 0xffff) {
            out.writeBytes(ByteBuffer.allocate(3)
                    .put((byte) 0x59)
                    .putShort((short) length)
                    .array());
        } else {
            out.writeBytes(
                    ByteBuffer.allocate(5).put((byte) 0x5a).putInt(length).array());
        }
        return out.toByteArray();
    }

    /** A map {digest: SHA384, x: filler} of exactly {@code length} bytes. */
    private static byte[] payload(int length) {
        byte[] start = hex("a2" + "66646967657374" + "66534841333834" + "6178");
        for (int filler = Math.max(0, length - start.length - 5); ; filler++) {
            byte[] head = string(filler);
            if (start.length + head.length + filler >= length) {
                assertThat(start.length + head.length + filler).isEqualTo(length);
                byte[] out = Arrays.copyOf(start, length);
                System.arraycopy(head, 0, out, start.length, head.length);
                return out;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {23, 24, 255, 256, 65_535, 65_536})
    void theSignedStructureEncodesEveryLengthInItsShortestForm(int length) {
        byte[] payload = payload(length);
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        document.writeBytes(hex("8444a1013822a0"));
        document.writeBytes(string(length));
        document.writeBytes(payload);
        document.writeBytes(hex("4101"));
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(hex("846a"));
        expected.writeBytes("Signature1".getBytes(StandardCharsets.US_ASCII));
        expected.writeBytes(hex("44a101382240"));
        expected.writeBytes(string(length));
        expected.writeBytes(payload);
        assertThat(NitroDocument.parse(document.toByteArray()).signed()).isEqualTo(expected.toByteArray());
    }

    @Test
    void paddingIsNoPartOfADocument() {
        Fixture fixture = new Fixture();
        byte[] document = fixture.document();
        byte[] padded = Arrays.copyOf(document, document.length + 9);
        padded[document.length] = 1;
        NitroVerifier verifier = fixture.verifier();
        assertThat(verifier.significant(padded)).isEqualTo(document);
        assertThat(verifier.significant(hex("8444a1013822ff"))).isEqualTo(hex("8444a1013822ff"));
        assertThat(verifier.appraise(
                                padded,
                                fixture.endorsements(),
                                AppraisalPolicy.strict(),
                                OwnPki.NOW,
                                Expectation.nothing())
                        .affirming())
                .isTrue();
    }

    @Test
    void documentsAreRecognisedByTheirFirstBytes() {
        NitroVerifier verifier = new NitroVerifier(TrustAnchors.none());
        assertThat(verifier.recognises(new Fixture().document())).isTrue();
        assertThat(verifier.recognises(hex("8444a101382200"))).isTrue();
        assertThat(verifier.recognises(hex("8444a1013822"))).isFalse();
        assertThat(verifier.recognises(hex("8444a101382300"))).isFalse();
        assertThat(verifier.recognises(new byte[0])).isFalse();
    }

    @Test
    void claimsSayWhatTheDocumentSays() {
        Fixture fixture = new Fixture();
        fixture.nonce = new byte[] {7};
        AppraisalResult result = fixture.judge(AppraisalPolicy.strict(), Expectation.nothing());
        assertThat(result.claim("moduleId")).contains("i-1");
        assertThat(result.claim("debug")).contains("disabled");
        assertThat(result.claim("user_data")).contains("00".repeat(64));
        assertThat(result.claim("nonce")).contains("07");
        assertThat(result.claim("public_key")).isEmpty();
        assertThat(result.claim("pcr1")).contains("02".repeat(48));
        assertThat(result.claim("timestamp")).contains(OwnPki.NOW.toString());
        fixture.pcr0 = new byte[48];
        assertThat(fixture.judge(AppraisalPolicy.strict(), Expectation.nothing())
                        .claim("debug"))
                .contains("enabled");
    }

    @Test
    void unreadableEndorsementsAndLongDocumentsAreMalformed() {
        Fixture fixture = new Fixture();
        NitroVerifier verifier = fixture.verifier();
        List<byte[]> documents =
                List.of(fixture.endorsements().documents().getFirst(), "neither".getBytes(StandardCharsets.UTF_8));
        assertThat(verifier.appraise(
                                fixture.document(),
                                Endorsements.of(documents),
                                AppraisalPolicy.strict(),
                                OwnPki.NOW,
                                Expectation.nothing())
                        .reasons())
                .containsExactly(Reason.MALFORMED);
        byte[] document = fixture.document();
        for (int length : new int[] {64 << 10, (64 << 10) + 1}) {
            assertThat(verifier.appraise(
                                    Arrays.copyOf(document, length),
                                    fixture.endorsements(),
                                    AppraisalPolicy.strict(),
                                    OwnPki.NOW,
                                    Expectation.nothing())
                            .affirming())
                    .isEqualTo(length == 64 << 10);
        }
    }

    @Test
    void anotherRootAmongTheEndorsementsDoesNotReplaceTheMissingOne() {
        Fixture fixture = new Fixture();
        Endorsements other = Endorsements.of(
                List.of(OwnPki.root("CN=aws.nitro-enclaves,C=US", "secp384r1").der()));
        assertThat(fixture.verifier()
                        .appraise(
                                fixture.document(), other, AppraisalPolicy.strict(), OwnPki.NOW, Expectation.nothing())
                        .reasons())
                .containsExactly(Reason.COLLATERAL_MISSING);
    }

    @Test
    void timesAtTheLimitHold() {
        Fixture fixture = new Fixture();
        fixture.timestamp = 0;
        assertThat(fixture.judge(AppraisalPolicy.strict(), Expectation.nothing())
                        .claim("timestamp"))
                .contains("1970-01-01T00:00:00Z");
        AppraisalPolicy pinned = AppraisalPolicy.strict()
                .withMeasurements(Map.of("pcr0", Set.of("01".repeat(48)), "pcr1", Set.of("02".repeat(48))));
        assertThat(new Fixture().judge(pinned, Expectation.nothing()).affirming())
                .isTrue();
    }

    @Test
    void integersOfEveryWidthAndLimitsOfDepthAndRoom() {
        assertThat(read("17")).isEqualTo(new Cbor.Whole(23));
        assertThat(read("18ff")).isEqualTo(new Cbor.Whole(255));
        assertThat(read("19ffff")).isEqualTo(new Cbor.Whole(65_535));
        assertThat(read("1affffffff")).isEqualTo(new Cbor.Whole(0xffffffffL));
        assertThat(read("1b7fffffffffffffff")).isEqualTo(new Cbor.Whole(Long.MAX_VALUE));
        assertThat(read("20")).isEqualTo(new Cbor.Whole(-1));
        assertThat(read("f4")).isEqualTo(new Cbor.Simple(20));
        assertThat(((Cbor.Simple) read("f6")).isNull()).isTrue();
        assertThat(((Cbor.Simple) read("f5")).isNull()).isFalse();
        assertThat(read("820102")).isEqualTo(new Cbor.Items(List.of(new Cbor.Whole(1), new Cbor.Whole(2))));
        assertThatCode(() -> read("81".repeat(8) + "00")).doesNotThrowAnyException();
        assertThatCode(() -> read("a100".repeat(8) + "00")).doesNotThrowAnyException();
        for (String hostile :
                List.of("81".repeat(9) + "00", "a100".repeat(9) + "00", "f3", "f7", "1c", "8201", "a10a", "4201")) {
            assertThatThrownBy(() -> read(hostile)).as(hostile).isInstanceOf(Cbor.CborException.class);
        }
    }

    @Test
    void pcrIndexesAndCountsAreLimited() {
        String start = "8444a1013822a0";
        byte[] pcrs33 = pcrs(33);
        assertThatThrownBy(() -> NitroDocument.parse(join(hex(start), string(pcrs33.length), pcrs33, hex("4101")))
                        .pcrs())
                .isInstanceOf(Cbor.CborException.class);
        byte[] pcrs32 = pcrs(32);
        assertThat(NitroDocument.parse(join(hex(start), string(pcrs32.length), pcrs32, hex("4101")))
                        .pcrs())
                .hasSize(32);
    }

    private static byte[] pcrs(int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(hex("a2" + "66646967657374" + "66534841333834" + "6470637273" + "b8"));
        out.write(count);
        for (int i = 0; i < count; i++) {
            out.writeBytes(i < 24 ? new byte[] {(byte) i} : new byte[] {0x18, (byte) i});
            out.writeBytes(string(48));
            out.writeBytes(new byte[48]);
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
