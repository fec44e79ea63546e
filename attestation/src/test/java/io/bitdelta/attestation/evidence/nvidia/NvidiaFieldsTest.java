package io.bitdelta.attestation.evidence.nvidia;

import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.evidence.FieldTable;
import io.bitdelta.attestation.evidence.MemberTable;
import io.bitdelta.attestation.pki.OwnPki;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.junit.jupiter.api.Test;

/** Every field of a report, every member of a manifest and of an OCSP response. */
final class NvidiaFieldsTest {
    private static final int DRIVER_RIM = 0;
    private static final int OCSP_OF_RIM_SIGNER = 6;

    private static AppraisalResult judge(NvidiaFixture fixture, byte[] report, List<byte[]> documents) {
        return fixture.judge(
                fixture.evidence(report), documents, Expectation.nothing().withNonce(new byte[32]));
    }

    private static FieldTable block(FieldTable table, int number) {
        String name = "block " + number + ": ";
        return table.field(name + "index", 1, 0x40)
                .field(name + "specification", 1)
                .field(name + "size", 2)
                .field(name + "value type", 1)
                .field(name + "value size", 2)
                .field(name + "value", 48);
    }

    private static FieldTable opaque(FieldTable table, int type, String name, int length) {
        String field = "opaque " + type + " (" + name + "): ";
        return table.field(field + "type", 2, 0x40).field(field + "size", 2).field(field + "value", length);
    }

    @Test
    void report() throws Exception {
        FieldTable table = new FieldTable("NVIDIA report (SPDM 1.1, 40 blocks)")
                .field("request: version", 1)
                .field("request: code", 1)
                .field("request: parameters", 2)
                .field("request: nonce", 32)
                .field("request: slot", 1)
                .field("response: version", 1)
                .field("response: code", 1)
                .field("response: parameters", 2)
                .field("response: number of blocks", 1)
                .field("response: length of the record", 3);
        block(table, 1).field("blocks 2 to 30", 29 * 55);
        block(table, 31)
                .field("blocks 32 to 40", 9 * 55)
                .field("response: nonce", 32)
                .field("response: length of opaque data", 2);
        opaque(table, 3, "driver version", 7);
        opaque(table, 6, "VBIOS version", 8);
        opaque(table, 11, "NVDEC0", 1);
        opaque(table, 15, "chip SKU", 4);
        opaque(table, 17, "project", 5);
        opaque(table, 18, "project SKU", 5);
        opaque(table, 20, "firmware id", 48).signature("signature: r", 48).signature("signature: s", 48);
        FieldTable.Judge unsigned = change -> {
            NvidiaFixture fixture = new NvidiaFixture();
            return judge(fixture, change.apply(fixture.report()), fixture.endorsements());
        };
        FieldTable.Judge again = change -> {
            NvidiaFixture fixture = new NvidiaFixture();
            fixture.reportContent = change;
            return judge(fixture, fixture.report(), fixture.endorsements());
        };
        table.check(
                new NvidiaFixture().report().length,
                unsigned,
                again,
                Set.of(
                        "request: parameters",
                        "request: slot",
                        "response: parameters",
                        "block 1: value type",
                        "block 31: value type",
                        "response: nonce",
                        "opaque 11 (NVDEC0): type",
                        "opaque 11 (NVDEC0): value",
                        "opaque 15 (chip SKU): type",
                        "opaque 15 (chip SKU): value",
                        "opaque 17 (project): type",
                        "opaque 17 (project): value",
                        "opaque 18 (project SKU): type",
                        "opaque 18 (project SKU): value",
                        "opaque 20 (firmware id): type"));
    }

    private static FieldTable.Judge document(int index) {
        return change -> {
            NvidiaFixture fixture = new NvidiaFixture();
            List<byte[]> documents = fixture.endorsements();
            documents.set(index, change.apply(documents.get(index)));
            return judge(fixture, fixture.report(), documents);
        };
    }

    @Test
    void manifest() throws Exception {
        FieldTable.Judge again = change -> {
            NvidiaFixture fixture = new NvidiaFixture();
            fixture.driverRimContent = change;
            return judge(fixture, fixture.report(), fixture.endorsements());
        };
        String resource = "<ns0:Resource[^>]*";
        new MemberTable("NVIDIA manifest of a driver (XML)")
                .text("SoftwareIdentity: namespace", "xmlns=\"[^\"]*schema.xs(d)", "e")
                .text("Meta: colloquialVersion", "colloquialVersion=\"590.1(2)", "3")
                .text("Meta: product", "product=\"GH10(0)", "1")
                .text("Resource: type", resource + "type=\"(M)", "m")
                .text("Resource: index", resource + " index=\"(0)\"", "45")
                .text("Resource: active", resource + "active=\"(True)", "true")
                .text("Resource: alternatives", resource + "alternatives=\"(2)", "1")
                .text("Resource: Hash0, not the one that is found", resource + "Hash0=\"(0)", "f")
                .text("Resource: Hash1, the one that is found", resource + "Hash1=\"(0)", "f")
                .signature(
                        "CanonicalizationMethod",
                        MemberTable.replacing("CanonicalizationMethod Algorithm=\"[^\"]*c14n1(1)", "0"))
                .signature("SignatureMethod", MemberTable.replacing("ecdsa-sha(384)", "256"))
                .signature("Reference URI", MemberTable.replacing("URI=\"()\"", "#x"))
                .signature(
                        "Transform",
                        MemberTable.replacing("<Transform Algorithm=\"[^\"]*(enveloped-signature)", "base64"))
                .signature("DigestMethod", MemberTable.replacing("DigestMethod Algorithm=\"[^\"]*sha(384)", "512"))
                .signature("DigestValue", MemberTable.otherCharacter("DigestValue>(.)"))
                .signature("SignatureValue", MemberTable.otherCharacter("SignatureValue>(.)"))
                .signature("X509Certificate", MemberTable.otherCharacter("X509Certificate>[^<]{200}([A-Za-z0-9+/])"))
                .check(
                        document(DRIVER_RIM),
                        again,
                        Set.of("Resource: Hash0, not the one that is found", "Resource: type"));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Replaces the signed part of a response and signs it as the manifests' authority. */
    private static UnaryOperator<byte[]> signedAgain(UnaryOperator<byte[]> change) {
        return der -> {
            try {
                OCSPResponse outer = OCSPResponse.getInstance(der);
                byte[] basic = outer.getResponseBytes().getResponse().getOctets();
                byte[] content = BasicOCSPResponse.getInstance(basic)
                        .getTbsResponseData()
                        .getEncoded("DER");
                byte[] signed = OwnPki.signedDer(NvidiaFixture.RIM_CA.keys(), change.apply(content));
                byte[] type = outer.getResponseBytes().getResponseType().getEncoded("DER");
                return OwnPki.tagged(
                        0x30,
                        hex("0a0100"),
                        OwnPki.tagged(0xa0, OwnPki.tagged(0x30, type, OwnPki.tagged(0x04, signed))));
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
        };
    }

    @Test
    void revocationStatus() throws Exception {
        FieldTable.Judge unsigned = document(OCSP_OF_RIM_SIGNER);
        new MemberTable("OCSP response about a manifest's signer (DER)")
                .member("responder", MemberTable.flipping(ascii("RIM CA"), -1))
                .member("time of production", MemberTable.flipping(ascii("2026103123"), -1))
                .member("certificate: hash algorithm", MemberTable.flipping(hex("06052b0e03021a"), -1))
                .member("certificate: hash of the issuer's name", MemberTable.flipping(hex("0414"), 0))
                .member("certificate: hash of the issuer's key", MemberTable.flipping(hex("0414"), 0, 2, 1))
                .member("certificate: serial number", MemberTable.flipping(hex("020107"), -1))
                .member("status good becomes revoked", MemberTable.flipping(hex("8000"), -2))
                .member("status good becomes unknown", MemberTable.flipping(hex("8000"), -2, 1, 2))
                .member("thisUpdate", MemberTable.flipping(ascii("2026"), -1, 2, 1))
                .member("nextUpdate", MemberTable.flipping(ascii("2026110"), -3))
                .signature("response status", MemberTable.flipping(hex("0a01"), 0))
                .signature("response type", MemberTable.flipping(hex("2b0601050507300101"), -1))
                .signature("signature algorithm", MemberTable.flipping(hex("06082a8648ce3d040303"), -1))
                .signature("signature", bytes -> {
                    byte[] changed = bytes.clone();
                    changed[changed.length - 1] ^= 1;
                    return changed;
                })
                .check(
                        unsigned,
                        change -> unsigned.judge(signedAgain(change)),
                        Set.of("responder", "time of production"));
    }
}
