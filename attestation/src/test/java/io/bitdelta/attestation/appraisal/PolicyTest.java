package io.bitdelta.attestation.appraisal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What policies pin and what is expected of evidence. */
final class PolicyTest {
    private static final AppraisalPolicy FULL = new AppraisalPolicy(
            Set.of("UpToDate", "OutOfDate"),
            Set.of("INTEL-SA-00615"),
            18,
            true,
            false,
            true,
            Map.of("mrtd", Set.of("01")),
            new SnpRule(Set.of(1), true, true, true, Map.of("snp", 3)),
            Optional.of(Duration.ofMinutes(5)),
            Set.of(Technology.TDX),
            new DevelopmentRule(true, 1337, Set.of(1337L)));

    private static AppraisalPolicy parse(String text) {
        return PolicyDocument.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void oneRuleIsChangedAndTheOthersStay() {
        AppraisalPolicy statuses = FULL.withStatuses(Set.of("UpToDate"));
        assertThat(statuses.allowedStatuses()).containsExactly("UpToDate");
        assertThat(statuses.withStatuses(FULL.allowedStatuses())).isEqualTo(FULL);
        AppraisalPolicy snp = FULL.withSnp(SnpRule.STRICT);
        assertThat(snp.snp()).isEqualTo(SnpRule.STRICT);
        assertThat(snp.withSnp(FULL.snp())).isEqualTo(FULL);
        AppraisalPolicy measurements = FULL.withMeasurements(Map.of());
        assertThat(measurements.measurements()).isEmpty();
        assertThat(measurements.withMeasurements(FULL.measurements())).isEqualTo(FULL);
        AppraisalPolicy development = FULL.withDevelopment(31337);
        assertThat(development.development())
                .isEqualTo(new DevelopmentRule(true, 31337, DevelopmentRule.DEFAULT_TEST_CHAINS));
        assertThat(development.withDevelopment(FULL.development())).isEqualTo(FULL);
    }

    @Test
    void aPinnedMeasurementIsOneOfItsValuesAndAnUnpinnedOneIsAClaim() {
        Appraisal appraisal = new Appraisal(Technology.TDX);
        FULL.checkMeasurement("mrtd", new byte[] {1}, appraisal);
        FULL.checkMeasurement("rtmr0", new byte[] {9}, appraisal);
        assertThat(appraisal.clean()).isTrue();
        assertThat(appraisal.result().claim("mrtd")).contains("01");
        assertThat(appraisal.result().claim("rtmr0")).contains("09");
        FULL.checkMeasurement("mrtd", new byte[] {2}, appraisal);
        assertThat(appraisal.result().reasons()).containsExactly(Reason.MEASUREMENT_MISMATCH);
    }

    @Test
    void developmentNeedsBothThePermissionAndATestChain() {
        assertThat(new DevelopmentRule(true, 1337, Set.of(1337L)).admits()).isTrue();
        assertThat(new DevelopmentRule(false, 1337, Set.of(1337L)).admits()).isFalse();
        assertThat(new DevelopmentRule(true, 5, Set.of(1337L)).admits()).isFalse();
        assertThat(DevelopmentRule.NEVER.admits()).isFalse();
        assertThatThrownBy(() -> new DevelopmentRule(false, 5, Set.of(5L, 122L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("122");
    }

    @Test
    void limitsOfDocumentsAreInclusiveAndUnknownMembersAreRefused() {
        assertThat(parse("{\"snp\":{\"vmpls\":[0,3]}}").snp().vmpls()).containsExactlyInAnyOrder(0, 3);
        assertThat(parse("{\"snp\":{\"minimumTcb\":{\"snp\":255}}}").snp().minimumTcb())
                .containsEntry("snp", 255);
        assertThat(parse("{\"maxAgeSeconds\":1}").maxAge()).contains(Duration.ofSeconds(1));
        for (String broken : List.of(
                "{\"snp\":{\"vmpls\":[-1]}}",
                "{\"development\":{\"chainId\":1337,\"testChain\":[1337]}}",
                "{\"development\":{\"chainId\":1337,\"testChains\":[-1]}}")) {
            assertThatThrownBy(() -> parse(broken)).as(broken).isInstanceOf(JsonException.class);
        }
    }

    @Test
    void shorterReportDataIsFilledWithZerosAndLongerIsRefused() {
        Expectation three = Expectation.reportData(new byte[] {1, 2, 3});
        byte[] whole = Arrays.copyOf(new byte[] {1, 2, 3}, 64);
        assertThat(reportData(three, whole)).isEmpty();
        whole[63] = 1;
        assertThat(reportData(three, whole)).containsExactly(Reason.REPORT_DATA_MISMATCH);
        assertThat(reportData(three, new byte[3])).containsExactly(Reason.REPORT_DATA_MISMATCH);
        assertThat(reportData(Expectation.reportData(whole), whole)).isEmpty();
        assertThat(reportData(Expectation.nothing(), whole)).isEmpty();
        assertThatThrownBy(() -> Expectation.reportData(new byte[65]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65");
    }

    private static Set<Reason> reportData(Expectation expectation, byte[] found) {
        Appraisal appraisal = new Appraisal(Technology.TDX);
        expectation.checkReportData(found, appraisal);
        return appraisal.result().reasons();
    }

    private static Set<Reason> nonce(Expectation expectation, byte[] found) {
        Appraisal appraisal = new Appraisal(Technology.NITRO);
        expectation.checkNonce(found, appraisal);
        return appraisal.result().reasons();
    }

    @Test
    void aStatementIsExpectedWithItsNonce() {
        byte[] nonce = new byte[32];
        nonce[5] = 7;
        Statement statement =
                Statement.of(31337, EvmAddress.of(new byte[20]), Bytes32.ZERO, Bytes32.of(nonce), 2_000_000_000L);
        Expectation expectation = Expectation.of(statement);
        assertThat(reportData(expectation, statement.reportData())).isEmpty();
        assertThat(reportData(expectation, new byte[64])).containsExactly(Reason.REPORT_DATA_MISMATCH);
        assertThat(nonce(expectation, nonce)).isEmpty();
        assertThat(nonce(expectation, new byte[32])).containsExactly(Reason.NONCE_MISMATCH);
        assertThat(nonce(Expectation.reportData(new byte[64]), new byte[1])).isEmpty();
    }
}
