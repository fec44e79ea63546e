package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.evidence.FieldTable;
import io.bitdelta.attestation.pki.OwnPki;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every field of quotes and of the quoting enclave's report, under a policy that pins every measurement. */
final class QuoteFieldsTest {
    private static final AppraisalPolicy PINNED = AppraisalPolicy.strict()
            .withMeasurements(Stream.of(
                            "mrseam",
                            "mrtd",
                            "mrconfigid",
                            "mrowner",
                            "mrownerconfig",
                            "rtmr0",
                            "rtmr1",
                            "rtmr2",
                            "rtmr3",
                            "xfam",
                            "tdattributes")
                    .collect(Collectors.toMap(name -> name, QuoteFieldsTest::ordinary)));

    private static Set<String> ordinary(String name) {
        return switch (name) {
            case "tdattributes" -> Set.of("0000001000000000");
            case "xfam" -> Set.of("00".repeat(8));
            default -> Set.of("00".repeat(48));
        };
    }

    private static final AppraisalPolicy PINNED_SGX = AppraisalPolicy.strict()
            .withMeasurements(Map.of(
                    "mrenclave", Set.of("00".repeat(32)),
                    "mrsigner", Set.of("00".repeat(32)),
                    "isvprodid", Set.of("0000"),
                    "configid", Set.of("00".repeat(64))));

    private static FieldTable enclaveReport(FieldTable table) {
        return table.field("CPUSVN", 16)
                .field("MISCSELECT", 4)
                .field("reserved", 12)
                .field("ISVEXTPRODID", 16)
                .field("ATTRIBUTES", 16, 2)
                .field("MRENCLAVE", 32)
                .field("reserved (2)", 32)
                .field("MRSIGNER", 32)
                .field("reserved (3)", 32)
                .field("CONFIGID", 64)
                .field("ISVPRODID", 2)
                .field("ISVSVN", 2, 4)
                .field("CONFIGSVN", 2)
                .field("reserved (4)", 42)
                .field("ISVFAMILYID", 16)
                .field("REPORTDATA[0..31]", 32)
                .field("REPORTDATA[32..63]", 32);
    }

    private static FieldTable header(String title) {
        return new FieldTable(title)
                .field("version", 2, 8)
                .field("attestation key type", 2)
                .field("TEE type", 4)
                .field("QE SVN", 2)
                .field("PCE SVN", 2)
                .field("QE vendor id", 16)
                .field("user data", 20);
    }

    private static FieldTable domain(FieldTable table) {
        return table.field("TEE_TCB_SVN[0]", 1)
                .field("TEE_TCB_SVN[1]", 1, 2)
                .field("TEE_TCB_SVN[2..15]", 14, 2)
                .field("MRSEAM", 48)
                .field("MRSIGNERSEAM", 48)
                .field("SEAMATTRIBUTES", 8)
                .field("TDATTRIBUTES[0] (TUD)", 1)
                .field("TDATTRIBUTES[1..2]", 2)
                .field("TDATTRIBUTES[3] (SEPT_VE_DISABLE)", 1, 0x10)
                .field("TDATTRIBUTES[4..7]", 4)
                .field("XFAM", 8)
                .field("MRTD", 48)
                .field("MRCONFIGID", 48)
                .field("MROWNER", 48)
                .field("MROWNERCONFIG", 48)
                .field("RTMR0", 48)
                .field("RTMR1", 48)
                .field("RTMR2", 48)
                .field("RTMR3", 48)
                .field("REPORTDATA", 64);
    }

    private static AppraisalResult judge(DcapFixture fixture, byte[] quote, AppraisalPolicy policy) {
        DcapVerifier verifier = new DcapVerifier(fixture.anchors());
        return verifier.appraise(
                quote,
                Endorsements.of(fixture.endorsements()),
                policy,
                OwnPki.NOW,
                Expectation.reportData(new byte[64]));
    }

    /** Changes a part of the finished quote. */
    private static FieldTable.Judge unsigned(Supplier<DcapFixture> of, int offset, int length, AppraisalPolicy policy) {
        return change -> {
            DcapFixture fixture = of.get();
            byte[] quote = fixture.quote();
            int from = offset < 0 ? quoteEnd(fixture) : offset;
            byte[] part = change.apply(Arrays.copyOfRange(quote, from, from + length));
            System.arraycopy(part, 0, quote, from, length);
            return judge(fixture, quote, policy);
        };
    }

    /** Where the quoting enclave's report begins. */
    private static int quoteEnd(DcapFixture fixture) {
        int signature = DcapQuote.HEADER + (fixture.version == 5 ? 6 : 0) + fixture.body.length + 4;
        return signature + 128 + (fixture.version >= 4 ? 6 : 0);
    }

    private static FieldTable.Judge body(Supplier<DcapFixture> of, AppraisalPolicy policy) {
        return change -> {
            DcapFixture fixture = of.get();
            fixture.body = change.apply(fixture.body);
            return judge(fixture, fixture.quote(), policy);
        };
    }

    @Test
    void headersOfAllVersions() throws Exception {
        for (Map.Entry<String, Supplier<DcapFixture>> each : List.of(
                Map.<String, Supplier<DcapFixture>>entry("Quote header, version 3 (SGX)", DcapFixture::sgx),
                Map.<String, Supplier<DcapFixture>>entry("Quote header, version 5 (TDX)", DcapFixture::tdx15))) {
            AppraisalPolicy policy = each.getKey().contains("SGX") ? PINNED_SGX : PINNED;
            FieldTable.Judge again = change -> {
                DcapFixture fixture = each.getValue().get();
                fixture.header = change;
                return judge(fixture, fixture.quote(), policy);
            };
            header(each.getKey())
                    .check(
                            DcapQuote.HEADER,
                            unsigned(each.getValue(), 0, DcapQuote.HEADER, policy),
                            again,
                            Set.of("QE SVN", "PCE SVN", "user data"));
        }
    }

    @Test
    void enclaveBody() throws Exception {
        enclaveReport(new FieldTable("SGX enclave report body (384 bytes)"))
                .check(
                        DcapQuote.SGX_BODY,
                        unsigned(DcapFixture::sgx, DcapQuote.HEADER, DcapQuote.SGX_BODY, PINNED_SGX),
                        body(DcapFixture::sgx, PINNED_SGX),
                        Set.of(
                                "CPUSVN",
                                "MISCSELECT",
                                "reserved",
                                "ISVEXTPRODID",
                                "reserved (2)",
                                "reserved (3)",
                                "ISVSVN",
                                "CONFIGSVN",
                                "reserved (4)",
                                "ISVFAMILYID"));
    }

    @Test
    void domainBodyOfVersion4() throws Exception {
        domain(new FieldTable("TDX 1.0 body (584 bytes)"))
                .check(
                        DcapQuote.TD10_BODY,
                        unsigned(DcapFixture::tdx, DcapQuote.HEADER, DcapQuote.TD10_BODY, PINNED),
                        body(DcapFixture::tdx, PINNED),
                        Set.of());
    }

    @Test
    void domainBodyOfVersion5() throws Exception {
        UnaryOperator<FieldTable> more =
                table -> domain(table).field("TEE_TCB_SVN_2", 16).field("MRSERVICETD", 48);
        more.apply(new FieldTable("TDX 1.5 body (648 bytes)"))
                .check(
                        DcapQuote.TD15_BODY,
                        unsigned(DcapFixture::tdx15, DcapQuote.HEADER + 6, DcapQuote.TD15_BODY, PINNED),
                        body(DcapFixture::tdx15, PINNED),
                        Set.of("TEE_TCB_SVN_2"));
    }

    @Test
    void reportOfTheQuotingEnclave() throws Exception {
        FieldTable.Judge again = change -> {
            DcapFixture fixture = DcapFixture.tdx();
            fixture.quote();
            fixture.bindKey = false;
            fixture.qeReport = change.apply(fixture.qeReport);
            return judge(fixture, fixture.quote(), PINNED);
        };
        enclaveReport(new FieldTable("Report of the quoting enclave (384 bytes)"))
                .check(
                        DcapQuote.QE_REPORT,
                        unsigned(DcapFixture::tdx, -1, DcapQuote.QE_REPORT, PINNED),
                        again,
                        Set.of(
                                "CPUSVN",
                                "reserved",
                                "ISVEXTPRODID",
                                "MRENCLAVE",
                                "reserved (2)",
                                "reserved (3)",
                                "CONFIGID",
                                "CONFIGSVN",
                                "reserved (4)",
                                "ISVFAMILYID"));
    }
}
