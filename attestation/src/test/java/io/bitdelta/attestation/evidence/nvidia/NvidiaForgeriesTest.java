package io.bitdelta.attestation.evidence.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.pki.OwnPki;
import io.bitdelta.attestation.pki.OwnPki.Entity;
import io.bitdelta.attestation.pki.OwnPki.Spec;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.w3c.dom.Document;

/** Each field of a report, its manifests, chains and OCSP answers, changed once, caught by a named check. */
@NullUnmarked // in fixtures null means: the ordinary one
final class NvidiaForgeriesTest {
    private static final byte[] FWID = filled(48, 0x33);

    private static byte[] filled(int length, int value) {
        byte[] out = new byte[length];
        Arrays.fill(out, (byte) value);
        return out;
    }

    private static Spec spec(boolean ca, int serial) {
        Spec spec = new Spec();
        spec.ca = ca;
        spec.curve = "secp384r1";
        spec.serial = BigInteger.valueOf(serial);
        return spec;
    }

    private static final Entity DEVICE_ROOT = OwnPki.root("CN=NVIDIA Device Identity CA", "secp384r1");
    private static final Entity IDENTITY = OwnPki.issue(DEVICE_ROOT, "CN=NVIDIA GH100 Identity", spec(true, 2));
    private static final Entity PROVISIONER = OwnPki.issue(IDENTITY, "CN=Provisioner", spec(true, 3));
    private static final Entity BROM = OwnPki.issue(PROVISIONER, "CN=GH100 A01 GSP BROM", spec(true, 4));
    private static final Entity RIM_ROOT = OwnPki.root("CN=RIM root", "secp384r1");
    private static final Entity RIM_CA = OwnPki.issue(RIM_ROOT, "CN=RIM CA", spec(true, 5));

    /** A GPU with its manifests and answers, affirming until a test changes something. */
    private static final class Fixture {
        String chip = "GH100 A01 GSP FMC LF";
        byte[] nonce = new byte[32];
        int requestCode = 0xE0;
        KeyPair leafKeys = OwnPki.ec("secp384r1");
        KeyPair signer = leafKeys;
        byte[] reportedFwid = FWID;
        int nvdec = 0xAA;
        Map<Integer, byte[]> blocks = new LinkedHashMap<>();
        String driver = "590.12";
        String driverInRim = driver;
        String vbiosInRim = "96.00.A5.00.01";
        String rimProduct = "GH100";
        boolean rimForDriver = true;
        boolean rimForVbios = true;
        boolean bothClaimOne;
        KeyPair rimSigner;
        Instant rimEnd = OwnPki.NOW.plusSeconds(86_400);
        Entity rimIssuer = RIM_CA;
        boolean withOcsp = true;
        CertificateStatus rimLeafStatus = CertificateStatus.GOOD;
        CertificateStatus bromStatus = CertificateStatus.GOOD;
        Instant ocspEnd = OwnPki.NOW.plusSeconds(86_400);
        Entity ocspSigner;
        boolean pinDevice = true;
        boolean pinRim = true;
        boolean shortChain;
        String rimText;
        Entity leafIssuer = BROM;
        private Entity rimLeaf;

        Fixture() {
            for (int i = 1; i <= 40; i++) {
                blocks.put(i, filled(48, i));
            }
        }

        byte[] report() {
            ByteBuffer out = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
            out.put((byte) 0x11)
                    .put((byte) requestCode)
                    .put((byte) 1)
                    .put((byte) 0xff)
                    .put(nonce)
                    .put((byte) 0);
            ByteBuffer record = ByteBuffer.allocate(6000).order(ByteOrder.LITTLE_ENDIAN);
            blocks.forEach((index, value) -> record.put((byte) (int) index)
                    .put((byte) 1)
                    .putShort((short) (value.length + 3))
                    .put((byte) 1)
                    .putShort((short) value.length)
                    .put(value));
            out.put((byte) 0x11).put((byte) 0x60).putShort((short) 0).put((byte) blocks.size());
            out.put((byte) record.position())
                    .put((byte) (record.position() >> 8))
                    .put((byte) 0);
            out.put(record.array(), 0, record.position()).put(new byte[32]);
            ByteBuffer opaque = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
            field(opaque, 3, (driver + "\0").getBytes(StandardCharsets.US_ASCII));
            field(opaque, 6, HexFormat.of().parseHex("00a5009601000000"));
            field(opaque, 11, new byte[] {(byte) nvdec});
            if (reportedFwid != null) {
                field(opaque, 20, reportedFwid);
            }
            out.putShort((short) opaque.position()).put(opaque.array(), 0, opaque.position());
            byte[] signed = Arrays.copyOf(out.array(), out.position());
            out.put(OwnPki.sign(signer, signed));
            return Arrays.copyOf(out.array(), out.position());
        }

        private static void field(ByteBuffer out, int type, byte[] value) {
            out.putShort((short) type).putShort((short) value.length).put(value);
        }

        byte[] evidence() {
            Spec leaf = spec(false, 6);
            leaf.keys = leafKeys;
            ASN1EncodableVector fwid = new ASN1EncodableVector();
            fwid.add(NISTObjectIdentifiers.id_sha384);
            fwid.add(new DEROctetString(FWID));
            ASN1EncodableVector id = new ASN1EncodableVector();
            id.add(new ASN1Integer(1));
            id.add(new DERSequence());
            id.add(new DERSequence(fwid));
            leaf.extensions.put("2.23.133.5.4.1", OwnPki.der(new DERSequence(id)));
            Entity device = OwnPki.issue(leafIssuer, "CN=" + chip, leaf);
            String pem = shortChain
                    ? OwnPki.pem(device.der(), leafIssuer.der(), DEVICE_ROOT.der())
                    : OwnPki.pem(device.der(), leafIssuer.der(), PROVISIONER.der(), IDENTITY.der(), DEVICE_ROOT.der());
            return ("[{\"arch\":\"HOPPER\",\"certificate\":\""
                            + Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII))
                            + "\",\"evidence\":\"" + Base64.getEncoder().encodeToString(report())
                            + "\",\"nonce\":\"00\"}]")
                    .getBytes(StandardCharsets.UTF_8);
        }

        String entries(int from, int to) {
            StringBuilder out = new StringBuilder();
            for (int i = from; i < to; i++) {
                String value = HexFormat.of().formatHex(filled(48, i + 1));
                out.append("<ns0:Resource type=\"Measurement\" index=\"" + i
                        + "\" active=\"True\" alternatives=\"2\" ns2:Hash0=\"" + "00".repeat(48) + "\" ns2:Hash1=\""
                        + value + "\"/>");
            }
            return out.toString();
        }

        byte[] rim(String version, int from, int to) throws Exception {
            if (rimLeaf == null) {
                Spec leaf = spec(false, 7);
                leaf.notAfter = rimEnd;
                rimLeaf = OwnPki.issue(rimIssuer, "CN=RIM signer", leaf);
            }
            String xml = "<SoftwareIdentity xmlns=\"http://standards.iso.org/iso/19770/-2/2015/schema.xsd\" "
                    + "xmlns:ns0=\"http://standards.iso.org/iso/19770/-2/2015/schema.xsd\" "
                    + "xmlns:ns2=\"http://www.w3.org/2001/04/xmlenc#sha384\"><ns0:Meta colloquialVersion=\"" + version
                    + "\" product=\"" + rimProduct + "\"/><ns0:Payload>" + entries(from, to)
                    + "</ns0:Payload></SoftwareIdentity>";
            DocumentBuilderFactory parser = DocumentBuilderFactory.newInstance();
            parser.setNamespaceAware(true);
            Document document =
                    parser.newDocumentBuilder().parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
            XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
            String c14n = "http://www.w3.org/2006/12/xml-c14n11";
            Reference reference = factory.newReference(
                    "",
                    factory.newDigestMethod("http://www.w3.org/2001/04/xmldsig-more#sha384", null),
                    List.of(
                            factory.newTransform(
                                    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
                                    (TransformParameterSpec) null),
                            factory.newTransform(c14n, (TransformParameterSpec) null)),
                    null,
                    null);
            SignedInfo info = factory.newSignedInfo(
                    factory.newCanonicalizationMethod(c14n, (C14NMethodParameterSpec) null),
                    factory.newSignatureMethod("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", null),
                    List.of(reference));
            KeyInfoFactory keyInfo = factory.getKeyInfoFactory();
            List<Object> certificates = new ArrayList<>();
            var x509 = java.security.cert.CertificateFactory.getInstance("X.509");
            for (byte[] der : new byte[][] {rimLeaf.der(), rimIssuer.der(), RIM_ROOT.der()}) {
                certificates.add(x509.generateCertificate(new ByteArrayInputStream(der)));
            }
            KeyInfo key = keyInfo.newKeyInfo(List.of(keyInfo.newX509Data(certificates)));
            KeyPair keys = rimSigner == null ? rimLeaf.keys() : rimSigner;
            factory.newXMLSignature(info, key)
                    .sign(new DOMSignContext(keys.getPrivate(), document.getDocumentElement()));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
            String text = out.toString(StandardCharsets.UTF_8);
            return text.substring(text.indexOf("<SoftwareIdentity")).getBytes(StandardCharsets.UTF_8);
        }

        List<byte[]> endorsements() throws Exception {
            List<byte[]> out = new ArrayList<>();
            byte[] driverRim = rim(driverInRim, 0, 20);
            if (rimText != null) {
                String[] change = rimText.split("=>", 2);
                driverRim = new String(driverRim, StandardCharsets.UTF_8)
                        .replace(change[0], change[1])
                        .getBytes(StandardCharsets.UTF_8);
            }
            if (rimForDriver) {
                out.add(driverRim);
            }
            if (rimForVbios) {
                out.add(rim(vbiosInRim, bothClaimOne ? 19 : 20, 40));
            }
            if (withOcsp) {
                Entity[][] pairs = {{DEVICE_ROOT, IDENTITY}, {IDENTITY, PROVISIONER}, {RIM_ROOT, rimIssuer}};
                for (Entity[] pair : pairs) {
                    out.add(OwnPki.ocspGood(pair[0], pair[1].der()));
                }
                Instant from = OwnPki.NOW.minusSeconds(3600);
                out.add(OwnPki.ocsp(PROVISIONER, BROM.der(), PROVISIONER, bromStatus, from, ocspEnd));
                out.add(OwnPki.ocsp(
                        rimIssuer,
                        rimLeaf.der(),
                        ocspSigner == null ? rimIssuer : ocspSigner,
                        rimLeafStatus,
                        from,
                        ocspEnd));
            }
            return out;
        }

        AppraisalResult judge(Expectation expectation) throws Exception {
            TrustAnchors anchors = TrustAnchors.vendors();
            if (pinDevice) {
                anchors = anchors.with(
                        TrustAnchors.Vendor.NVIDIA_DEVICE,
                        Set.of(DEVICE_ROOT.cert().keyId()));
            }
            if (pinRim) {
                anchors = anchors.with(
                        TrustAnchors.Vendor.NVIDIA_RIM, Set.of(RIM_ROOT.cert().keyId()));
            }
            return new NvidiaVerifier(anchors)
                    .appraise(
                            evidence(),
                            Endorsements.of(endorsements()),
                            AppraisalPolicy.strict(),
                            OwnPki.NOW,
                            expectation);
        }
    }

    @Test
    void theUnchangedFixtureIsAffirming() throws Exception {
        AppraisalResult result = new Fixture().judge(Expectation.nothing().withNonce(new byte[32]));
        assertThat(result.affirming()).as("%s", result.findings()).isTrue();
    }

    @TestFactory
    Stream<DynamicTest> changes() {
        Map<String, Consumer<Fixture>> changes = new LinkedHashMap<>();
        changes.put("BAD_SIGNATURE another key", f -> f.signer = OwnPki.ec("secp384r1"));
        changes.put("MALFORMED request code", f -> f.requestCode = 0xE1);
        changes.put("NONCE_MISMATCH", f -> f.nonce[31] = 1);
        changes.put("MEASUREMENT_MISMATCH firmware id", f -> f.reportedFwid = filled(48, 0x34));
        changes.put("MEASUREMENT_MISMATCH driver index", f -> f.blocks.put(10, filled(48, 0x77)));
        changes.put("MEASUREMENT_MISMATCH VBIOS index", f -> f.blocks.put(30, filled(48, 0x77)));
        changes.put("MEASUREMENT_MISMATCH block missing", f -> f.blocks.remove(12));
        changes.put("MEASUREMENT_MISMATCH both manifests claim an index", f -> f.bothClaimOne = true);
        changes.put("MEASUREMENT_MISMATCH NVDEC0 on and index 35 differs", f -> f.blocks.put(36, filled(48, 0x77)));
        changes.put("NOT_A_GPU switch", f -> f.chip = "LS_10 A01 FSP FMC LF");
        changes.put("BAD_CERT_CHAIN chain too short", f -> f.shortChain = true);
        changes.put(
                "BAD_CERT_CHAIN a stranger of the issuer's name",
                f -> f.leafIssuer = OwnPki.issue(DEVICE_ROOT, "CN=GH100 A01 GSP BROM", spec(true, 4)));
        changes.put("UNTRUSTED_ROOT", f -> f.pinDevice = false);
        changes.put("BAD_RIM_CHAIN root not pinned", f -> f.pinRim = false);
        changes.put("BAD_RIM_SIGNATURE another key", f -> f.rimSigner = OwnPki.ec("secp384r1"));
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
                f -> f.ocspSigner = OwnPki.issue(RIM_ROOT, "CN=responder", spec(false, 8)));
        changes.put("OCSP_REVOKED manifest signer", f -> f.rimLeafStatus = revoked(CRLReason.keyCompromise));
        changes.put("CERT_ON_HOLD manifest signer", f -> f.rimLeafStatus = revoked(CRLReason.certificateHold));
        changes.put("OCSP_REVOKED device", f -> f.bromStatus = revoked(CRLReason.keyCompromise));
        return changes.entrySet().stream()
                .map(change -> DynamicTest.dynamicTest(change.getKey(), () -> {
                    Fixture f = new Fixture();
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
        Fixture f = new Fixture();
        Spec responder = spec(false, 9);
        responder.ocspSigner = true;
        f.ocspSigner = OwnPki.issue(RIM_CA, "CN=responder", responder);
        assertThat(f.judge(Expectation.nothing()).affirming()).isTrue();
    }

    @Test
    void index35IsSkippedWhileNvdec0IsDisabled() throws Exception {
        Fixture f = new Fixture();
        f.nvdec = 0x55;
        f.blocks.put(36, filled(48, 0x77));
        assertThat(f.judge(Expectation.nothing()).affirming()).isTrue();
    }

    @Test
    void everyByteOfAReportMatters() throws Exception {
        Fixture f = new Fixture();
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
