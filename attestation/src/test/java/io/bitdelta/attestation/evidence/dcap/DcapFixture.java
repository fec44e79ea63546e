package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.pki.OwnPki;
import io.bitdelta.attestation.pki.OwnPki.Entity;
import io.bitdelta.attestation.pki.OwnPki.Spec;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.jspecify.annotations.NullUnmarked;

/** A platform of our own making whose quotes are affirming until a test changes something. */
@NullUnmarked // in fixtures null means: the ordinary one
final class DcapFixture {
    static final String OID = "1.2.840.113741.1.13.1";

    int version = 4;
    boolean tdx = true;
    byte[] body = new byte[DcapQuote.TD10_BODY];
    byte[] qeReport = new byte[384];
    byte[] qeAuth = "auth".getBytes(StandardCharsets.US_ASCII);
    UnaryOperator<byte[]> header = UnaryOperator.identity();
    UnaryOperator<byte[]> tcbInfoText = UnaryOperator.identity();
    UnaryOperator<byte[]> identityText = UnaryOperator.identity();
    UnaryOperator<byte[]> pckCrl = UnaryOperator.identity();
    boolean bindKey = true;
    KeyPair attestationKey = OwnPki.ec("secp256r1");
    KeyPair quoteSigner = attestationKey;
    KeyPair qeSigner;
    int certType = 5;
    int keyType = 2;

    String fmspc = "00A0B0C0D0E0";
    String infoFmspc = fmspc;
    String infoPceId = "0000";
    int[] components = new int[16];
    int pceSvn = 10;
    String tcbStatus = "UpToDate";
    String advisories = "";
    int levelSvn = 2;
    String moduleStatus = "UpToDate";
    String moduleId = "TDX_01";
    String moduleSigner = "00".repeat(48);
    String moduleAttributes = "00".repeat(8);
    String qeStatus = "UpToDate";
    String qeId;
    String qeSignerHex = "AA".repeat(32);
    int qeProdId = 2;
    int qeLevel = 4;
    String miscselect = "00000000";
    String qeAttributes = "11" + "00".repeat(15);
    Instant issued = OwnPki.NOW.minusSeconds(86_400);
    Instant nextUpdate = OwnPki.NOW.plusSeconds(86_400);
    BigInteger revokedPck;
    BigInteger revokedTcbSigner;
    BigInteger revokedCa;
    boolean hold;
    Instant crlFrom = OwnPki.NOW.minusSeconds(86_400);
    Instant crlTo = OwnPki.NOW.plusSeconds(86_400);
    Instant pckEnd = OwnPki.NOW.plusSeconds(86_400L * 30);
    Instant pckBegin = OwnPki.NOW.minusSeconds(86_400L * 30);
    Instant at = OwnPki.NOW;
    boolean withTcbInfo = true;
    boolean withIdentity = true;
    boolean withRootCrl = true;
    boolean withPckCrl = true;
    boolean pin = true;
    Entity pckCrlIssuer;
    KeyPair tcbInfoSigner;
    KeyPair identitySigner;
    Entity root = OwnPki.root("CN=Intel SGX Root CA,O=Intel Corporation,C=US", "secp256r1");
    Entity shownRoot = root;
    Entity platformCa;
    Entity pck;
    Entity tcbSigner;
    Entity pckIssuer;

    static DcapFixture tdx() {
        DcapFixture f = new DcapFixture();
        f.qeId = "TD_QE";
        f.body[0] = 5;
        f.body[1] = 1;
        f.body[2] = 2;
        f.body[120 + 3] = 0x10;
        return f.finish();
    }

    static DcapFixture tdx15() {
        DcapFixture f = new DcapFixture();
        f.qeId = "TD_QE";
        f.version = 5;
        f.body = new byte[DcapQuote.TD15_BODY];
        f.body[0] = 5;
        f.body[1] = 1;
        f.body[2] = 2;
        f.body[584] = 5;
        f.body[585] = 1;
        f.body[586] = 2;
        f.body[120 + 3] = 0x10;
        return f.finish();
    }

    static DcapFixture sgx() {
        DcapFixture f = new DcapFixture();
        f.version = 3;
        f.tdx = false;
        f.qeId = "QE";
        f.body = new byte[DcapQuote.SGX_BODY];
        f.body[48] = 5;
        return f.finish();
    }

    private DcapFixture finish() {
        Arrays.fill(components, 2);
        Arrays.fill(qeReport, 128, 160, (byte) 0xAA);
        qeReport[48] = 0x11;
        qeReport[256] = 2;
        qeReport[258] = 4;
        Spec ca = new Spec();
        ca.ca = true;
        ca.serial = BigInteger.valueOf(11);
        platformCa = OwnPki.issue(root, "CN=Intel SGX PCK Platform CA,O=Intel Corporation,C=US", ca);
        return this;
    }

    byte[] sgxExtension() {
        ASN1EncodableVector tcb = new ASN1EncodableVector();
        for (int i = 0; i < 16; i++) {
            tcb.add(pair(OID + ".2." + (i + 1), new ASN1Integer(components[i])));
        }
        tcb.add(pair(OID + ".2.17", new ASN1Integer(pceSvn)));
        ASN1EncodableVector all = new ASN1EncodableVector();
        all.add(pair(OID + ".2", new DERSequence(tcb)));
        all.add(pair(OID + ".3", new DEROctetString(new byte[2])));
        all.add(pair(OID + ".4", new DEROctetString(HexFormat.of().parseHex(fmspc))));
        return OwnPki.der(new DERSequence(all));
    }

    private static DERSequence pair(String oid, org.bouncycastle.asn1.ASN1Encodable value) {
        return new DERSequence(new org.bouncycastle.asn1.ASN1Encodable[] {new ASN1ObjectIdentifier(oid), value});
    }

    private void certificates() {
        if (pck == null) {
            Spec leaf = new Spec();
            leaf.notBefore = pckBegin;
            leaf.notAfter = pckEnd;
            leaf.serial = BigInteger.valueOf(77);
            leaf.extensions.put(OID, sgxExtension());
            pck = OwnPki.issue(
                    pckIssuer == null ? platformCa : pckIssuer,
                    "CN=Intel SGX PCK Certificate,O=Intel Corporation,C=US",
                    leaf);
        }
        if (tcbSigner == null) {
            Spec signing = new Spec();
            signing.serial = BigInteger.valueOf(99);
            tcbSigner = OwnPki.issue(root, "CN=Intel SGX TCB Signing,O=Intel Corporation,C=US", signing);
        }
    }

    byte[] quote() {
        certificates();
        ByteBuffer header = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort((short) version)
                .putShort((short) keyType)
                .putInt(tdx ? 0x81 : 0)
                .putInt(0);
        header.put(HexFormat.of().parseHex("939a7233f79c4ca9940a0db3957f0607"));
        ByteBuffer signed = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        signed.put(this.header.apply(header.array()));
        if (version == 5) {
            signed.putShort((short) (body.length == DcapQuote.TD15_BODY ? 3 : 2))
                    .putInt(body.length);
        }
        signed.put(body);
        byte[] message = Arrays.copyOf(signed.array(), signed.position());
        byte[] key = OwnPki.xy(attestationKey);
        if (bindKey) {
            Arrays.fill(qeReport, 320, 384, (byte) 0);
            System.arraycopy(sha256(key, qeAuth), 0, qeReport, 320, 32);
        }
        byte[] chain = OwnPki.pem(pck.der(), platformCa.der(), shownRoot.der()).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer certified = ByteBuffer.allocate(16384).order(ByteOrder.LITTLE_ENDIAN);
        certified.put(qeReport).put(OwnPki.sign(qeSigner == null ? pck.keys() : qeSigner, qeReport));
        certified.putShort((short) qeAuth.length).put(qeAuth);
        certified.putShort((short) certType).putInt(chain.length).put(chain);
        byte[] certifiedBytes = Arrays.copyOf(certified.array(), certified.position());
        ByteBuffer data = ByteBuffer.allocate(20000).order(ByteOrder.LITTLE_ENDIAN);
        data.put(OwnPki.sign(quoteSigner, message)).put(key);
        if (version >= 4) {
            data.putShort((short) 6).putInt(certifiedBytes.length);
        }
        data.put(certifiedBytes);
        ByteBuffer out = ByteBuffer.allocate(30000).order(ByteOrder.LITTLE_ENDIAN);
        out.put(message).putInt(data.position()).put(data.array(), 0, data.position());
        return Arrays.copyOf(out.array(), out.position());
    }

    private String levels(String status, String isv, String extra) {
        return "[{\"tcb\":{\"isvsvn\":" + isv + "},\"tcbDate\":\"2026-01-01T00:00:00Z\",\"tcbStatus\":\"" + status
                + "\"" + extra + "}]";
    }

    String tcbInfo() {
        String comps = ("{\"svn\":" + levelSvn + "},").repeat(16);
        String sixteen = "[" + comps.substring(0, comps.length() - 1) + "]";
        String tdxComps = "[{\"svn\":5},{\"svn\":0},{\"svn\":2}" + ",{\"svn\":0}".repeat(13) + "]";
        return "{\"id\":\"" + (tdx ? "TDX" : "SGX") + "\",\"version\":3,\"issueDate\":\"" + issued
                + "\",\"nextUpdate\":\""
                + nextUpdate + "\",\"fmspc\":\"" + infoFmspc + "\",\"pceId\":\"" + infoPceId
                + "\",\"tcbType\":0,\"tcbEvaluationDataNumber\":18,"
                + (tdx
                        ? "\"tdxModule\":{\"mrsigner\":\"" + moduleSigner + "\",\"attributes\":\"" + moduleAttributes
                                + "\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\"},\"tdxModuleIdentities\":[{\"id\":\""
                                + moduleId
                                + "\",\"mrsigner\":\"" + moduleSigner + "\",\"attributes\":\"" + moduleAttributes
                                + "\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\",\"tcbLevels\":[{\"tcb\":{\"isvsvn\":5},"
                                + "\"tcbDate\":\"2026-01-01T00:00:00Z\",\"tcbStatus\":\"" + moduleStatus + "\"},"
                                + "{\"tcb\":{\"isvsvn\":3},\"tcbDate\":\"2026-01-01T00:00:00Z\",\"tcbStatus\":\"OutOfDate\"}]}],"
                        : "")
                + "\"tcbLevels\":[{\"tcb\":{\"sgxtcbcomponents\":" + sixteen + ",\"pcesvn\":10"
                + (tdx ? ",\"tdxtcbcomponents\":" + tdxComps : "")
                + "},\"tcbDate\":\"2026-01-01T00:00:00Z\",\"tcbStatus\":\"" + tcbStatus + "\"" + advisories + "}]}";
    }

    String identity() {
        return "{\"id\":\"" + qeId + "\",\"version\":2,\"issueDate\":\"" + issued + "\",\"nextUpdate\":\"" + nextUpdate
                + "\",\"tcbEvaluationDataNumber\":18,\"miscselect\":\"" + miscselect
                + "\",\"miscselectMask\":\"FFFFFFFF\",\"attributes\":\"" + qeAttributes
                + "\",\"attributesMask\":\"FBFFFFFFFFFFFFFF0000000000000000\",\"mrsigner\":\"" + qeSignerHex
                + "\",\"isvprodid\":" + qeProdId + ",\"tcbLevels\":" + levels(qeStatus, String.valueOf(qeLevel), "")
                + "}";
    }

    List<byte[]> endorsements() {
        certificates();
        List<byte[]> out = new ArrayList<>();
        if (withTcbInfo) {
            String text = changed(tcbInfo(), tcbInfoText);
            out.add(answer(
                    "tcbInfo",
                    text,
                    OwnPki.sign(
                            tcbInfoSigner == null ? tcbSigner.keys() : tcbInfoSigner,
                            text.getBytes(StandardCharsets.UTF_8))));
        }
        if (withIdentity) {
            String text = changed(identity(), identityText);
            out.add(answer(
                    "enclaveIdentity",
                    text,
                    OwnPki.sign(
                            identitySigner == null ? tcbSigner.keys() : identitySigner,
                            text.getBytes(StandardCharsets.UTF_8))));
        }
        out.add(OwnPki.pem(tcbSigner.der(), root.der()).getBytes(StandardCharsets.US_ASCII));
        if (withRootCrl) {
            out.add(OwnPki.crl(root, crlFrom, crlTo, revokedTcbSigner != null ? revokedTcbSigner : revokedCa, hold));
        }
        if (withPckCrl) {
            out.add(pckCrl.apply(
                    OwnPki.crl(pckCrlIssuer == null ? platformCa : pckCrlIssuer, crlFrom, crlTo, revokedPck, hold)));
        }
        return out;
    }

    private static String changed(String text, UnaryOperator<byte[]> change) {
        return new String(change.apply(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private static byte[] answer(String name, String text, byte[] signature) {
        return ("{\"" + name + "\":" + text + ",\"signature\":\""
                        + HexFormat.of().formatHex(signature) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    TrustAnchors anchors() {
        return TrustAnchors.vendors()
                .with(
                        TrustAnchors.Vendor.INTEL,
                        pin
                                ? Set.of(root.cert().keyId())
                                : TrustAnchors.vendors().of(TrustAnchors.Vendor.INTEL));
    }

    AppraisalResult judge() {
        return judge(quote(), AppraisalPolicy.strict());
    }

    AppraisalResult judge(AppraisalPolicy policy) {
        return judge(quote(), policy);
    }

    AppraisalResult judge(byte[] quote, AppraisalPolicy policy) {
        return new DcapVerifier(anchors())
                .appraise(quote, Endorsements.of(endorsements()), policy, at, Expectation.nothing());
    }

    private static byte[] sha256(byte[] first, byte[] second) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(first);
            return digest.digest(second);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
