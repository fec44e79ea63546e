package io.bitdelta.attestation.evidence.nvidia;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
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
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
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
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.jspecify.annotations.NullUnmarked;
import org.w3c.dom.Document;

/** A GPU with its manifests and answers, affirming until a test changes something. */
@NullUnmarked // in fixtures null means: the ordinary one
final class NvidiaFixture {
    static final byte[] FWID = filled(48, 0x33);

    static byte[] filled(int length, int value) {
        byte[] out = new byte[length];
        Arrays.fill(out, (byte) value);
        return out;
    }

    static Spec spec(boolean ca, int serial) {
        Spec spec = new Spec();
        spec.ca = ca;
        spec.curve = "secp384r1";
        spec.serial = BigInteger.valueOf(serial);
        return spec;
    }

    static final Entity DEVICE_ROOT = OwnPki.root("CN=NVIDIA Device Identity CA", "secp384r1");
    static final Entity IDENTITY = OwnPki.issue(DEVICE_ROOT, "CN=NVIDIA GH100 Identity", spec(true, 2));
    static final Entity PROVISIONER = OwnPki.issue(IDENTITY, "CN=Provisioner", spec(true, 3));
    static final Entity BROM = OwnPki.issue(PROVISIONER, "CN=GH100 A01 GSP BROM", spec(true, 4));
    static final Entity RIM_ROOT = OwnPki.root("CN=RIM root", "secp384r1");
    static final Entity RIM_CA = OwnPki.issue(RIM_ROOT, "CN=RIM CA", spec(true, 5));

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
    int driverEntries = 20;
    int allEntries = 40;
    KeyPair rimSigner;

    int rimReferences = 1;
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
    UnaryOperator<byte[]> reportContent = UnaryOperator.identity();
    UnaryOperator<byte[]> driverRimContent = UnaryOperator.identity();
    Entity leafIssuer = BROM;
    private Entity rimLeaf;

    NvidiaFixture() {
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
        out.put((byte) record.position()).put((byte) (record.position() >> 8)).put((byte) 0);
        out.put(record.array(), 0, record.position()).put(new byte[32]);
        ByteBuffer opaque = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
        field(opaque, 3, (driver + "\0").getBytes(StandardCharsets.US_ASCII));
        field(opaque, 6, HexFormat.of().parseHex("00a5009601000000"));
        field(opaque, 11, new byte[] {(byte) nvdec});
        field(opaque, 15, "882\0".getBytes(StandardCharsets.US_ASCII));
        field(opaque, 17, "1010\0".getBytes(StandardCharsets.US_ASCII));
        field(opaque, 18, "0200\0".getBytes(StandardCharsets.US_ASCII));
        if (reportedFwid != null) {
            field(opaque, 20, reportedFwid);
        }
        out.putShort((short) opaque.position()).put(opaque.array(), 0, opaque.position());
        byte[] signed = reportContent.apply(Arrays.copyOf(out.array(), out.position()));
        byte[] signature = OwnPki.sign(signer, signed);
        byte[] report = Arrays.copyOf(signed, signed.length + signature.length);
        System.arraycopy(signature, 0, report, signed.length, signature.length);
        return report;
    }

    private static void field(ByteBuffer out, int type, byte[] value) {
        out.putShort((short) type).putShort((short) value.length).put(value);
    }

    byte[] evidence() {
        return evidence(report());
    }

    byte[] evidence(byte[] report) {
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
                        + "\",\"evidence\":\"" + Base64.getEncoder().encodeToString(report)
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

    byte[] rim(String version, int from, int to, UnaryOperator<byte[]> content) throws Exception {
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
        Document document = parser.newDocumentBuilder()
                .parse(new ByteArrayInputStream(content.apply(xml.getBytes(StandardCharsets.UTF_8))));
        XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
        String c14n = "http://www.w3.org/2006/12/xml-c14n11";
        Reference reference = factory.newReference(
                "",
                factory.newDigestMethod("http://www.w3.org/2001/04/xmldsig-more#sha384", null),
                List.of(
                        factory.newTransform(
                                "http://www.w3.org/2000/09/xmldsig#enveloped-signature", (TransformParameterSpec) null),
                        factory.newTransform(c14n, (TransformParameterSpec) null)),
                null,
                null);
        SignedInfo info = factory.newSignedInfo(
                factory.newCanonicalizationMethod(c14n, (C14NMethodParameterSpec) null),
                factory.newSignatureMethod("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", null),
                Collections.nCopies(rimReferences, reference));
        KeyInfoFactory keyInfo = factory.getKeyInfoFactory();
        List<Object> certificates = new ArrayList<>();
        var x509 = java.security.cert.CertificateFactory.getInstance("X.509");
        for (byte[] der : new byte[][] {rimLeaf.der(), rimIssuer.der(), RIM_ROOT.der()}) {
            certificates.add(x509.generateCertificate(new ByteArrayInputStream(der)));
        }
        KeyInfo key = keyInfo.newKeyInfo(List.of(keyInfo.newX509Data(certificates)));
        KeyPair keys = rimSigner == null ? rimLeaf.keys() : rimSigner;
        factory.newXMLSignature(info, key).sign(new DOMSignContext(keys.getPrivate(), document.getDocumentElement()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
        String text = out.toString(StandardCharsets.UTF_8);
        return text.substring(text.indexOf("<SoftwareIdentity")).getBytes(StandardCharsets.UTF_8);
    }

    List<byte[]> endorsements() throws Exception {
        List<byte[]> out = new ArrayList<>();
        byte[] driverRim = rim(driverInRim, 0, driverEntries, driverRimContent);
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
            out.add(rim(
                    vbiosInRim,
                    bothClaimOne ? driverEntries - 1 : driverEntries,
                    allEntries,
                    UnaryOperator.identity()));
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
        return judge(evidence(), endorsements(), expectation);
    }

    TrustAnchors anchors() {
        TrustAnchors anchors = TrustAnchors.vendors();
        if (pinDevice) {
            anchors = anchors.with(
                    TrustAnchors.Vendor.NVIDIA_DEVICE, Set.of(DEVICE_ROOT.cert().keyId()));
        }
        if (pinRim) {
            anchors = anchors.with(
                    TrustAnchors.Vendor.NVIDIA_RIM, Set.of(RIM_ROOT.cert().keyId()));
        }
        return anchors;
    }

    AppraisalResult judge(byte[] evidence, List<byte[]> endorsements, Expectation expectation) {
        return new NvidiaVerifier(anchors())
                .appraise(evidence, Endorsements.of(endorsements), AppraisalPolicy.strict(), OwnPki.NOW, expectation);
    }
}
