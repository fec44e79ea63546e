package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.PolicyDocument;
import io.bitdelta.attestation.evidence.FieldTable;
import io.bitdelta.attestation.evidence.MemberTable;
import io.bitdelta.attestation.pki.OwnPki;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.CertificateList;
import org.junit.jupiter.api.Test;

/** Every member of Intel's collateral: TCB info, identity of the quoting enclave, revocation list. */
final class CollateralFieldsTest {
    private static final int TCB_INFO = 0;
    private static final int IDENTITY = 1;
    private static final int PCK_CRL = 4;
    private static final AppraisalPolicy POLICY =
            PolicyDocument.parse("{\"minimumTcbEvaluation\":18,\"refusedAdvisories\":[\"INTEL-SA-00002\"]}"
                    .getBytes(StandardCharsets.UTF_8));

    private static DcapFixture fixture() {
        DcapFixture fixture = DcapFixture.tdx();
        fixture.advisories = ",\"advisoryIDs\":[\"INTEL-SA-00001\"]";
        fixture.revokedPck = BigInteger.valueOf(76);
        return fixture;
    }

    private static AppraisalResult judge(DcapFixture fixture, byte[] quote, List<byte[]> documents) {
        return new DcapVerifier(fixture.anchors())
                .appraise(quote, Endorsements.of(documents), POLICY, OwnPki.NOW, Expectation.nothing());
    }

    /** Changes a finished document. */
    private static FieldTable.Judge unsigned(int document) {
        return change -> {
            DcapFixture fixture = fixture();
            byte[] quote = fixture.quote();
            List<byte[]> documents = fixture.endorsements();
            documents.set(document, change.apply(documents.get(document)));
            return judge(fixture, quote, documents);
        };
    }

    /** Changes a document before it is signed. */
    private static FieldTable.Judge again(BiConsumer<DcapFixture, UnaryOperator<byte[]>> hook) {
        return change -> {
            DcapFixture fixture = fixture();
            hook.accept(fixture, change);
            return judge(fixture, fixture.quote(), fixture.endorsements());
        };
    }

    @Test
    void tcbInfo() throws Exception {
        String identities = "tdxModuleIdentities.*?";
        new MemberTable("TCB info (JSON)")
                .text("id", "\"id\":\"(TDX)\"", "SGX")
                .text("version", "\"version\":(3)", "2")
                .text("issueDate", "\"issueDate\":\"(2026)", "2027")
                .text("nextUpdate", "\"nextUpdate\":\"(2026)", "2025")
                .text("fmspc", "\"fmspc\":\"(0)", "1")
                .text("pceId", "\"pceId\":\"(0)", "1")
                .text("tcbType", "\"tcbType\":(0)", "1")
                .text("tcbEvaluationDataNumber", "DataNumber\":(18)", "17")
                .text("tdxModule.mrsigner", "\"mrsigner\":\"(0)", "1")
                .text("tdxModule.attributes", "\"attributes\":\"(0)", "1")
                .text("tdxModule.attributesMask", "\"attributesMask\":\"(F)", "E")
                .text("tdxModuleIdentities[0].id", identities + "\"(TDX_01)\"", "TDX_02")
                .text("tdxModuleIdentities[0].mrsigner", identities + "\"mrsigner\":\"(0)", "1")
                .text("tdxModuleIdentities[0].attributes", identities + "\"attributes\":\"(0)", "1")
                .text("tdxModuleIdentities[0].attributesMask", identities + "Mask\":\"(F)", "G")
                .text("tdxModuleIdentities[0].tcbLevels[0].tcb.isvsvn", identities + "\"isvsvn\":(5)", "6")
                .text(
                        "tdxModuleIdentities[0].tcbLevels[0].tcbStatus",
                        identities + "\"tcbStatus\":\"(UpToDate)",
                        "Revoked")
                .text("tdxModuleIdentities[0].tcbLevels[0].tcbDate", identities + "\"tcbDate\":\"(2026)", "2020")
                .text("tcbLevels[0].tcb.sgxtcbcomponents[0].svn", "sgxtcbcomponents\":\\[\\{\"svn\":(2)", "3")
                .text("tcbLevels[0].tcb.pcesvn", "\"pcesvn\":(10)", "11")
                .text("tcbLevels[0].tcb.tdxtcbcomponents[2].svn", "tdxtcbcomponents.*?\"svn\":0.,.\"svn\":(2)", "3")
                .text("tcbLevels[0].tcbDate", "sgxtcbcomponents.*\"tcbDate\":\"(2026)", "2020")
                .text("tcbLevels[0].tcbStatus", "sgxtcbcomponents.*\"tcbStatus\":\"(UpToDate)", "OutOfDate")
                .text("tcbLevels[0].advisoryIDs", "INTEL-SA-0000(1)", "2")
                .signature("signature", MemberTable.otherCharacter("\"signature\":\"([0-9a-f])"))
                .signature("signature, one bit", MemberTable.replacing("\"signature\":\"([0-9a-f]{2})", "00"))
                .covering(fixture().tcbInfo())
                .check(
                        unsigned(TCB_INFO),
                        again((fixture, change) -> fixture.tcbInfoText = change),
                        Set.of(
                                "tcbType",
                                "tdxModule.mrsigner",
                                "tdxModule.attributes",
                                "tdxModule.attributesMask",
                                "tdxModuleIdentities[0].tcbLevels[0].tcbDate",
                                "tcbLevels[0].tcbDate"));
    }

    @Test
    void identityOfTheQuotingEnclave() throws Exception {
        new MemberTable("Identity of the quoting enclave (JSON)")
                .text("id", "\"id\":\"(TD_QE)\"", "QE")
                .text("version", "\"version\":(2)", "1")
                .text("issueDate", "\"issueDate\":\"(2026)", "2027")
                .text("nextUpdate", "\"nextUpdate\":\"(2026)", "2025")
                .text("tcbEvaluationDataNumber", "DataNumber\":(18)", "17")
                .text("miscselect", "\"miscselect\":\"(0)", "1")
                .text("miscselectMask", "\"miscselectMask\":\"(F)", "E")
                .text("attributes", "\"attributes\":\"(1)", "3")
                .text("attributesMask", "\"attributesMask\":\"(F)", "E")
                .text("mrsigner", "\"mrsigner\":\"(A)", "B")
                .text("isvprodid", "\"isvprodid\":(2)", "3")
                .text("tcbLevels[0].tcb.isvsvn", "\"isvsvn\":(4)", "5")
                .text("tcbLevels[0].tcbDate", "\"tcbDate\":\"(2026)", "2020")
                .text("tcbLevels[0].tcbStatus", "\"tcbStatus\":\"(UpToDate)", "OutOfDate")
                .signature("signature", MemberTable.otherCharacter("\"signature\":\"([0-9a-f])"))
                .covering(fixture().identity())
                .check(
                        unsigned(IDENTITY),
                        again((fixture, change) -> fixture.identityText = change),
                        Set.of("version", "miscselectMask", "tcbLevels[0].tcbDate"));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    void revocationList() throws Exception {
        FieldTable.Judge again = change -> {
            DcapFixture fixture = fixture();
            fixture.pckCrl = list -> {
                try {
                    byte[] content =
                            CertificateList.getInstance(list).getTBSCertList().getEncoded("DER");
                    return OwnPki.signedDer(fixture.platformCa.keys(), change.apply(content));
                } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                }
            };
            return judge(fixture, fixture.quote(), fixture.endorsements());
        };
        new MemberTable("Revocation list of the PCK authority (DER)")
                .member("version", MemberTable.flipping(hex("0201"), 0))
                .member("signature algorithm", MemberTable.flipping(hex("06082a8648ce3d040302"), -1))
                .member("issuer", MemberTable.flipping(ascii("PCK Platform CA"), -1))
                .member("thisUpdate", MemberTable.flipping(ascii("26103"), -4))
                .member("nextUpdate", MemberTable.flipping(ascii("26110"), -3))
                .member("revoked certificate: serial number", MemberTable.flipping(hex("02014c"), -1))
                .member("revoked certificate: date", MemberTable.flipping(hex("02014c170d"), 0))
                .member("revoked certificate: reason", MemberTable.flipping(hex("0a01"), 0))
                .signature("signature algorithm, outside", MemberTable.flipping(hex("06082a8648ce3d040302"), -1, 2, 1))
                .signature("signature", bytes -> {
                    byte[] changed = bytes.clone();
                    changed[changed.length - 1] ^= 1;
                    return changed;
                })
                .check(unsigned(PCK_CRL), again, Set.of("revoked certificate: date", "revoked certificate: reason"));
    }
}
