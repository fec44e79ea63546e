package io.bitdelta.attestation.evidence.dcap;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.PolicyDocument;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.evidence.MemberTable;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.pki.OwnPki;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a result says beside its verdict, limits that are met exactly, and rules that apply to few platforms. */
final class DcapDetailsTest {
    private static UnaryOperator<byte[]> text(String pattern, String replacement) {
        return MemberTable.replacing(pattern, replacement);
    }

    @Test
    void claimsSayWhatADomainSays() {
        DcapFixture fixture = DcapFixture.tdx15();
        fixture.advisories = ",\"advisoryIDs\":[\"INTEL-SA-2\",\"INTEL-SA-1\"]";
        AppraisalResult result = fixture.judge();
        assertThat(result.claim("reportData")).contains("00".repeat(64));
        assertThat(result.claim("debug")).contains("disabled");
        assertThat(result.claim("mrservicetd")).contains("00".repeat(48));
        assertThat(result.claim("rtmr3")).contains("00".repeat(48));
        assertThat(result.claim("rtmr4")).isEmpty();
        assertThat(result.claim("fmspc")).contains("00A0B0C0D0E0");
        assertThat(result.claim("tcbStatus")).contains("UpToDate");
        assertThat(result.claims().get("advisories")).isEqualTo(JsonValue.texts(List.of("INTEL-SA-1", "INTEL-SA-2")));
        fixture.body[120] = 1;
        assertThat(fixture.judge().claim("debug")).contains("enabled");
        assertThat(DcapFixture.tdx().judge().claim("mrservicetd")).isEmpty();
    }

    @Test
    void claimsSayWhatAnEnclaveSays() {
        DcapFixture fixture = DcapFixture.sgx();
        fixture.body[258] = 0x34;
        fixture.body[259] = 0x12;
        AppraisalResult result = fixture.judge();
        assertThat(result.claims().get("isvsvn")).isEqualTo(JsonValue.whole(0x1234));
        assertThat(result.claim("debug")).contains("disabled");
        fixture.body[48] |= 2;
        assertThat(fixture.judge().claim("debug")).contains("enabled");
        assertThat(fixture.judge(PolicyDocument.parse("{\"allowDebug\":true}".getBytes(StandardCharsets.UTF_8)))
                        .affirming())
                .isTrue();
    }

    @Test
    void anAttestationKeyThatIsNoPointSignsNothing() {
        DcapFixture fixture = DcapFixture.tdx();
        byte[] quote = fixture.quote();
        int at = DcapQuote.HEADER + DcapQuote.TD10_BODY + 4 + 64;
        Arrays.fill(quote, at, at + 64, (byte) 1);
        assertThat(fixture.judge(quote, AppraisalPolicy.strict()).reasons())
                .containsExactlyInAnyOrder(Reason.BAD_QUOTE_SIGNATURE, Reason.QE_BINDING);
    }

    @Test
    void aLevelMustNameAllSixteenComponents() {
        for (String list : List.of("sgxtcbcomponents", "tdxtcbcomponents")) {
            DcapFixture fixture = DcapFixture.tdx();
            fixture.tcbInfoText = text(list + "\":\\[(\\{\"svn\":[0-9]\\},)", "");
            assertThat(fixture.judge().reasons()).as(list).containsExactly(Reason.TCB_LEVEL_NOT_FOUND);
        }
    }

    @Test
    void aStatusIsSaidOnlyWhenWhatItRestsOnIsVerified() {
        DcapFixture below = DcapFixture.tdx();
        below.pceSvn = 9;
        assertThat(below.judge().status()).isEqualTo("none");
        below.tcbInfoSigner = OwnPki.ec("secp256r1");
        assertThat(below.judge().status()).isEqualTo("-");
        DcapFixture forged = DcapFixture.tdx();
        forged.qeSigner = OwnPki.ec("secp256r1");
        AppraisalResult result = forged.judge();
        assertThat(result.status()).isEqualTo("-");
        assertThat(result.claim("tcbStatus")).contains("UpToDate");
    }

    @Test
    void datesAtTheLimitHold() {
        DcapFixture fixture = DcapFixture.tdx();
        fixture.issued = OwnPki.NOW;
        fixture.nextUpdate = OwnPki.NOW;
        fixture.crlFrom = OwnPki.NOW;
        fixture.crlTo = OwnPki.NOW;
        fixture.pckBegin = OwnPki.NOW;
        fixture.pckEnd = OwnPki.NOW;
        AppraisalResult result = fixture.judge();
        assertThat(result.affirming()).as("%s", result.findings()).isTrue();
        assertThat(result.validUntil()).contains(OwnPki.NOW);
    }

    @Test
    void evaluationNumbersAreAskedForByPoliciesAlone() {
        DcapFixture fixture = DcapFixture.tdx();
        fixture.tcbInfoText = text("(\"tcbEvaluationDataNumber\":18,)", "");
        assertThat(fixture.judge().affirming()).isTrue();
        DcapFixture exact = DcapFixture.tdx();
        assertThat(exact.judge(PolicyDocument.parse("{\"minimumTcbEvaluation\":18}".getBytes(StandardCharsets.UTF_8)))
                        .affirming())
                .isTrue();
    }

    @Test
    void numbersOfTheQuotingEnclaveHaveTwoBytes() {
        DcapFixture fixture = DcapFixture.tdx();
        fixture.qeReport[257] = 1;
        fixture.qeProdId = 0x102;
        fixture.qeReport[259] = 1;
        fixture.qeLevel = 0x104;
        assertThat(fixture.judge().affirming()).isTrue();
        fixture.qeLevel = 0x105;
        assertThat(fixture.judge().reasons()).containsExactly(Reason.QE_IDENTITY_MISMATCH);
        DcapFixture misc = DcapFixture.tdx();
        misc.qeReport[16] = 0x12;
        misc.qeReport[19] = 0x34;
        misc.miscselect = "34000012";
        assertThat(misc.judge().affirming()).isTrue();
        misc.miscselect = "12000034";
        assertThat(misc.judge().reasons()).containsExactly(Reason.QE_IDENTITY_MISMATCH);
    }

    @Test
    void masksThatAreNoneAreMalformed() {
        for (String mask : List.of("zz", "FF".repeat(400))) {
            DcapFixture fixture = DcapFixture.tdx();
            fixture.identityText = text("\"attributesMask\":\"([0-9A-F]*)", mask);
            assertThat(fixture.judge().reasons()).as(mask).contains(Reason.MALFORMED);
        }
        DcapFixture longest = DcapFixture.tdx();
        UnaryOperator<byte[]> attributes = text("\"attributes\":\"([0-9A-F]*)", "00".repeat(336));
        UnaryOperator<byte[]> mask = text("\"attributesMask\":\"([0-9A-F]*)", "00".repeat(336));
        longest.identityText = json -> mask.apply(attributes.apply(json));
        assertThat(longest.judge().affirming())
                .as("a mask to the end of the report")
                .isTrue();
    }

    @Test
    void aModuleWithoutAnIdentityOfItsOwnIsJudgedByTheCommonOne() {
        DcapFixture fixture = DcapFixture.tdx();
        fixture.body[1] = 0;
        assertThat(fixture.judge().affirming()).isTrue();
        fixture.tcbInfoText = text("\"tdxModule\":\\{\"mrsigner\":\"(0)", "1");
        assertThat(fixture.judge().reasons()).containsExactly(Reason.MODULE_MISMATCH);
        fixture.tcbInfoText = text("(\"tdxModule\"):", "\"other\"");
        assertThat(fixture.judge().reasons()).containsExactly(Reason.MODULE_MISMATCH);
        fixture.tcbInfoText = UnaryOperator.identity();
        fixture.body[0] = 4;
        assertThat(fixture.judge().reasons())
                .as("its version is then a component like the others")
                .containsExactly(Reason.TCB_LEVEL_NOT_FOUND);
        DcapFixture own = DcapFixture.tdx();
        own.tcbInfoText = text("(\"tdxModuleIdentities\"):", "\"other\"");
        assertThat(own.judge().reasons()).containsExactly(Reason.MODULE_MISMATCH);
        DcapFixture hex = DcapFixture.tdx();
        hex.body[1] = 0x1a;
        hex.moduleId = "tdx_1a";
        assertThat(hex.judge().affirming()).isTrue();
    }

    private static DcapFixture launchedOnAnOldModule() {
        DcapFixture fixture = DcapFixture.tdx15();
        fixture.body[0] = 4;
        return fixture;
    }

    @Test
    void aRestartIsAdvisedOnlyWhenNothingElseIsOld() {
        assertThat(launchedOnAnOldModule().judge().status()).isEqualTo("TDRelaunchAdvised");
        DcapFixture configuration = launchedOnAnOldModule();
        configuration.qeStatus = "ConfigurationNeeded";
        assertThat(configuration.judge().status()).isEqualTo("TDRelaunchAdvisedConfigurationNeeded");
        DcapFixture quoting = launchedOnAnOldModule();
        quoting.qeStatus = "OutOfDate";
        assertThat(quoting.judge().status()).isEqualTo("OutOfDate");
        DcapFixture platform = launchedOnAnOldModule();
        platform.tcbStatus = "OutOfDate";
        assertThat(platform.judge().status()).isEqualTo("OutOfDate");
        DcapFixture unknownNow = launchedOnAnOldModule();
        unknownNow.body[585] = 2;
        assertThat(unknownNow.judge().status()).isEqualTo("OutOfDate");
        DcapFixture hardening = launchedOnAnOldModule();
        hardening.moduleStatus = "SWHardeningNeeded";
        assertThat(hardening.judge().status()).isEqualTo("OutOfDate");
        DcapFixture component = launchedOnAnOldModule();
        component.body[586] = 1;
        assertThat(component.judge().status()).isEqualTo("OutOfDate");
        DcapFixture withoutModule = launchedOnAnOldModule();
        withoutModule.body[585] = 0;
        assertThat(withoutModule.judge().status()).isEqualTo("TDRelaunchAdvised");
        assertThat(withoutModule
                        .judge(AppraisalPolicy.strict().withStatuses(Set.of("TDRelaunchAdvised")))
                        .affirming())
                .isTrue();
    }

    @Test
    void anOutdatedStatusThatIsAllowedHasNoReason() {
        DcapFixture fixture = DcapFixture.tdx();
        fixture.tcbStatus = "OutOfDate";
        assertThat(fixture.judge(AppraisalPolicy.strict().withStatuses(Set.of("OutOfDate")))
                        .affirming())
                .isTrue();
        assertThat(fixture.judge().reasons()).containsExactlyInAnyOrder(Reason.OUT_OF_DATE, Reason.STATUS_NOT_ALLOWED);
    }

    @Test
    void bytesBehindAQuoteAreNoPartOfIt() {
        DcapFixture fixture = DcapFixture.tdx15();
        byte[] quote = fixture.quote();
        DcapVerifier verifier = new DcapVerifier(fixture.anchors());
        assertThat(verifier.significant(Arrays.copyOf(quote, quote.length + 5))).isEqualTo(quote);
        byte[] shorter = Arrays.copyOf(quote, 99);
        assertThat(verifier.significant(shorter)).isEqualTo(shorter);
        byte[] key = quote.clone();
        key[2] = 3;
        assertThat(verifier.significant(key)).isEqualTo(key);
    }

    @Test
    void quotesAreRecognisedByVendorOrByTheirHeader() {
        byte[] quote = DcapFixture.tdx().quote();
        DcapVerifier verifier = new DcapVerifier(DcapFixture.tdx().anchors());
        assertThat(verifier.recognises(Arrays.copyOf(quote, 54))).isTrue();
        assertThat(verifier.recognises(Arrays.copyOf(quote, 53))).isFalse();
        for (int version = 0; version < 8; version++) {
            byte[] other = quote.clone();
            other[0] = (byte) version;
            assertThat(verifier.recognises(other)).as("version %d", version).isEqualTo(version >= 3 && version <= 5);
        }
        byte[] high = quote.clone();
        high[1] = 1;
        assertThat(verifier.recognises(high)).isFalse();
        byte[] vendor = quote.clone();
        vendor[12] ^= 1;
        assertThat(verifier.recognises(vendor)).as("header alone").isTrue();
        assertThat(DcapFixture.tdx().judge(vendor, AppraisalPolicy.strict()).reasons())
                .containsExactly(Reason.UNSUPPORTED);
        for (int at : new int[] {2, 3, 5, 6, 7}) {
            byte[] header = vendor.clone();
            header[at] ^= 4;
            assertThat(verifier.recognises(header)).as("byte %d", at).isFalse();
            byte[] known = quote.clone();
            known[at] ^= 4;
            assertThat(verifier.recognises(known)).as("vendor, byte %d", at).isTrue();
        }
    }

    @Test
    void versionsBelongToTheirKindOfTee() {
        for (int[] pair : new int[][] {{3, 0x81}, {4, 0}, {5, 0}, {4, 0x82}}) {
            DcapFixture fixture = DcapFixture.tdx();
            fixture.header = header -> {
                header[0] = (byte) pair[0];
                header[4] = (byte) pair[1];
                return header;
            };
            assertThat(fixture.judge().reasons())
                    .as("version %d, TEE 0x%x", pair[0], pair[1])
                    .containsExactly(Reason.UNSUPPORTED);
        }
        for (int[] body : new int[][] {{2, 3}, {3, 2}, {1, 2}, {4, 3}}) {
            DcapFixture fixture = body[1] == 3 ? DcapFixture.tdx15() : DcapFixture.tdx();
            fixture.version = 5;
            byte[] quote = fixture.quote();
            quote[DcapQuote.HEADER] = (byte) body[0];
            assertThat(fixture.judge(quote, AppraisalPolicy.strict()).reasons())
                    .as("body type %d", body[0])
                    .containsExactly(Reason.UNSUPPORTED);
        }
        DcapFixture td10 = DcapFixture.tdx();
        td10.version = 5;
        assertThat(td10.judge().affirming()).as("a TD 1.0 body in version 5").isTrue();
    }

    @Test
    void signatureDataMustBeFilledExactly() {
        DcapFixture fixture = DcapFixture.tdx();
        byte[] quote = fixture.quote();
        int at = DcapQuote.HEADER + DcapQuote.TD10_BODY;
        byte[] longer = Arrays.copyOf(quote, quote.length + 1);
        longer[at]++;
        assertThat(fixture.judge(longer, AppraisalPolicy.strict()).reasons()).containsExactly(Reason.MALFORMED);
        byte[] inner = longer.clone();
        inner[at + 4 + 128 + 2]++;
        assertThat(fixture.judge(inner, AppraisalPolicy.strict()).reasons()).containsExactly(Reason.MALFORMED);
        byte[] type = quote.clone();
        type[at + 4 + 128] = 5;
        assertThat(fixture.judge(type, AppraisalPolicy.strict()).reasons()).containsExactly(Reason.UNSUPPORTED);
    }

    private static AppraisalResult judge(DcapFixture fixture, List<byte[]> documents) {
        return new DcapVerifier(fixture.anchors())
                .appraise(
                        fixture.quote(),
                        Endorsements.of(documents),
                        AppraisalPolicy.strict(),
                        OwnPki.NOW,
                        Expectation.nothing());
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    /** The form of several verifiers' tools: everything in one object. */
    private static byte[] bundle(DcapFixture fixture, String... without) {
        List<byte[]> documents = fixture.endorsements();
        String signer = OwnPki.pem(fixture.tcbSigner.der(), fixture.root.der());
        String info = new String(documents.get(0), StandardCharsets.UTF_8);
        String identity = new String(documents.get(1), StandardCharsets.UTF_8);
        List<String> members = new ArrayList<>(List.of(
                "\"tcb_info\":" + quoted(fixture.tcbInfo()),
                "\"tcb_info_signature\":" + quoted(info.replaceAll("(?s).*\"signature\":\"([0-9a-f]*)\".*", "$1")),
                "\"tcb_info_issuer_chain\":" + quoted(signer),
                "\"qe_identity\":" + quoted(fixture.identity()),
                "\"qe_identity_signature\":"
                        + quoted(identity.replaceAll("(?s).*\"signature\":\"([0-9a-f]*)\".*", "$1")),
                "\"qe_identity_issuer_chain\":" + quoted(signer),
                "\"pck_crl_issuer_chain\":" + quoted(OwnPki.pem(fixture.platformCa.der(), fixture.root.der())),
                "\"root_ca_crl\":" + quoted(HexFormat.of().formatHex(documents.get(3))),
                "\"pck_crl\":" + quoted(HexFormat.of().formatHex(documents.get(4)))));
        members.removeIf(member -> Arrays.stream(without).anyMatch(name -> member.startsWith("\"" + name + "\"")));
        return ("{" + String.join(",", members) + "}").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void oneObjectMayCarryAllCollateral() {
        DcapFixture fixture = DcapFixture.tdx();
        fixture.quote();
        assertThat(judge(fixture, List.of(bundle(fixture))).affirming())
                .as("%s", judge(fixture, List.of(bundle(fixture))).findings())
                .isTrue();
        for (String part : List.of("tcb_info", "qe_identity", "root_ca_crl", "pck_crl")) {
            assertThat(judge(fixture, List.of(bundle(fixture, part))).reasons())
                    .as("without %s", part)
                    .containsExactly(Reason.COLLATERAL_MISSING);
        }
        assertThat(judge(fixture, List.of(bundle(fixture, "tcb_info_signature")))
                        .reasons())
                .contains(Reason.MALFORMED);
        assertThat(judge(fixture, List.of(bundle(fixture, "tcb_info_issuer_chain", "qe_identity_issuer_chain")))
                        .reasons())
                .contains(Reason.BAD_TCB_INFO_SIGNATURE, Reason.BAD_QE_IDENTITY_SIGNATURE);
    }

    @Test
    void theDocumentsOfThisPlatformAreFoundAmongOthers() {
        DcapFixture fixture = DcapFixture.tdx();
        fixture.quote();
        List<byte[]> documents = new ArrayList<>();
        DcapFixture other = DcapFixture.sgx();
        other.infoFmspc = "FFFFFFFFFFFF";
        documents.addAll(other.endorsements().subList(0, 2));
        DcapFixture family = DcapFixture.tdx();
        family.infoFmspc = "EEEEEEEEEEEE";
        documents.add(family.endorsements().getFirst());
        documents.add("<unrelated/>".getBytes(StandardCharsets.UTF_8));
        documents.addAll(fixture.endorsements());
        assertThat(judge(fixture, documents).affirming())
                .as("%s", judge(fixture, documents).findings())
                .isTrue();
        documents.add("{\"tcbInfo\":{},\"signature\":\"00\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(judge(fixture, documents).reasons()).containsExactly(Reason.MALFORMED);
    }
}
