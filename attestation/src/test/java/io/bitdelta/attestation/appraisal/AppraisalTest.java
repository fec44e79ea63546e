package io.bitdelta.attestation.appraisal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.sign.SignatureException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Findings make tiers; results are written and read as one. */
final class AppraisalTest {
    private static final Instant AT = Instant.parse("2026-11-01T00:00:00Z");

    private static AppraisalResult read(String text) {
        return AppraisalResult.of(
                JsonObject.of("result", CanonicalJson.readAny(text.getBytes(StandardCharsets.UTF_8), 1 << 16)));
    }

    private static String text(AppraisalResult result) {
        return new String(CanonicalJson.write(result.json()), StandardCharsets.UTF_8);
    }

    @Test
    void onlyMissingCollateralIsNoConclusionAnythingElseIsANo() {
        Appraisal appraisal = new Appraisal(Technology.TDX);
        assertThat(appraisal.result().tier()).isEqualTo(Tier.AFFIRMING);
        appraisal.report(Reason.COLLATERAL_MISSING, "no list");
        assertThat(appraisal.result().tier()).isEqualTo(Tier.NONE);
        appraisal.report(Reason.DEBUG, "on");
        assertThat(appraisal.result().tier()).isEqualTo(Tier.CONTRAINDICATED);
        Appraisal other = new Appraisal(Technology.TDX);
        other.report(Reason.DEBUG, "on");
        assertThat(other.result().tier()).isEqualTo(Tier.CONTRAINDICATED);
    }

    @Test
    void developmentAndUnknownEvidenceIsNeverAffirming() {
        for (Technology technology : Technology.values()) {
            AppraisalResult result = new Appraisal(technology).result();
            boolean hardware = technology != Technology.SOFTWARE && technology != Technology.UNKNOWN;
            assertThat(result.affirming()).as("%s", technology).isEqualTo(hardware);
            assertThat(result.development()).isEqualTo(!hardware);
            assertThat(result.admitted()).isTrue();
        }
        Appraisal refused = new Appraisal(Technology.SOFTWARE);
        refused.report(Reason.DEBUG, "development");
        assertThat(refused.result().admitted()).isFalse();
        Appraisal missing = new Appraisal(Technology.TDX);
        missing.report(Reason.RIM_MISSING, "none");
        assertThat(missing.result().admitted()).isFalse();
    }

    @Test
    void aCheckThatHoldsLeavesNothingAndOneThatFailsLeavesItsReasonOnce() {
        Appraisal appraisal = new Appraisal(Technology.SNP);
        appraisal.require(true, Reason.DEBUG, "no");
        appraisal.require(true, Reason.DEBUG, () -> "no");
        assertThat(appraisal.clean()).isTrue();
        assertThat(appraisal.has(Reason.DEBUG)).isFalse();
        appraisal.require(false, Reason.VMPL, "level 1");
        appraisal.require(false, Reason.VMPL, () -> "level 1");
        appraisal.require(false, Reason.VMPL, () -> "level 2");
        assertThat(appraisal.clean()).isFalse();
        assertThat(appraisal.has(Reason.VMPL)).isTrue();
        assertThat(appraisal.has(Reason.DEBUG)).isFalse();
        assertThat(appraisal.result().findings())
                .containsExactly(new Finding(Reason.VMPL, "level 1"), new Finding(Reason.VMPL, "level 2"));
        assertThat(appraisal.result().reasons()).containsExactly(Reason.VMPL);
    }

    @Test
    void theEarliestBoundStands() {
        Appraisal appraisal = new Appraisal(Technology.SNP);
        assertThat(appraisal.result().validUntil()).isEmpty();
        appraisal.boundedBy(AT.plusSeconds(5));
        appraisal.boundedBy(AT.plusSeconds(9));
        assertThat(appraisal.result().validUntil()).contains(AT.plusSeconds(5));
        appraisal.boundedBy(AT.plusSeconds(2));
        assertThat(appraisal.result().validUntil()).contains(AT.plusSeconds(2));
    }

    @Test
    void resultsComeBackFromTheirJsonWithEverythingInThem() {
        Appraisal appraisal = new Appraisal(Technology.SNP);
        assertThat(appraisal.status()).isEqualTo("-");
        appraisal.status("UpToDate");
        assertThat(appraisal.status()).isEqualTo("UpToDate");
        appraisal.claim("debug", "disabled");
        appraisal.claim("vmpl", JsonValue.whole(3));
        AppraisalResult affirming = appraisal.result();
        assertThat(affirming.claim("debug")).contains("disabled");
        assertThat(affirming.claim("vmpl")).isEmpty();
        assertThat(affirming.claim("none")).isEmpty();
        assertThat(read(text(affirming))).isEqualTo(affirming);
        appraisal.report(Reason.DEBUG, "on");
        appraisal.boundedBy(AT);
        AppraisalResult refused = appraisal.result();
        assertThat(text(refused))
                .isEqualTo(
                        "{\"claims\":{\"debug\":\"disabled\",\"vmpl\":3},\"development\":false,"
                                + "\"findings\":[{\"detail\":\"on\",\"reason\":\"DEBUG\"}],\"status\":\"UpToDate\","
                                + "\"technology\":\"snp\",\"tier\":\"contraindicated\",\"validUntil\":\"2026-11-01T00:00:00Z\"}");
        assertThat(read(text(refused))).isEqualTo(refused);
    }

    @Test
    void nobodyCanCallAResultAffirmingThatIsNot() {
        Finding finding = new Finding(Reason.DEBUG, "on");
        assertThatThrownBy(() -> new AppraisalResult(
                        Technology.SNP,
                        Tier.AFFIRMING,
                        "-",
                        List.of(finding),
                        new TreeMap<>(),
                        Optional.empty(),
                        false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AppraisalResult(
                        Technology.SOFTWARE, Tier.AFFIRMING, "-", List.of(), new TreeMap<>(), Optional.empty(), true))
                .isInstanceOf(IllegalArgumentException.class);
        Appraisal appraisal = new Appraisal(Technology.SNP);
        appraisal.report(Reason.DEBUG, "on");
        String refused = text(appraisal.result());
        for (String forged : List.of(
                refused.replace("contraindicated", "affirming"),
                refused.replace("contraindicated", "AFFIRMING"),
                refused.replace("\"snp\"", "\"sev\""),
                refused.replace("DEBUG", "debug"),
                refused.replace("\"tier\"", "\"validUntil\":\"yesterday\",\"tier\""))) {
            assertThat(forged).isNotEqualTo(refused);
            assertThatThrownBy(() -> read(forged)).as(forged).isInstanceOf(JsonException.class);
        }
    }

    @Test
    void contractsGetMeasurementsOnlyAndOnlyWithAnEnd() {
        Appraisal appraisal = new Appraisal(Technology.NITRO);
        appraisal.claim("pcr0", "00");
        appraisal.claim("pcr15", "01");
        appraisal.claim("pcrs", "none");
        appraisal.claim("measurement", "02");
        appraisal.claim("debug", "disabled");
        assertThat(SignedResults.measurementHash(appraisal.result()))
                .isEqualTo(Keccak256.ofText("{\"measurement\":\"02\",\"pcr0\":\"00\",\"pcr15\":\"01\"}"));
        EvmAddress session = EvmAddress.of(new byte[20]);
        assertThatThrownBy(() -> SignedResults.message(appraisal.result(), session, new byte[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bounds");
        appraisal.boundedBy(AT);
        assertThat(SignedResults.message(appraisal.result(), session, new byte[1])
                        .expiry())
                .isEqualTo(AT.getEpochSecond());
    }

    @Test
    void tokensOfAnotherShapeAreRefusedBeforeTheirSignatureIsLookedAt() {
        byte[] key = new byte[32];
        for (String token : List.of("", "a.b", "a.b.c", "a.b.c.d", "x".repeat((256 << 10) + 1))) {
            assertThatThrownBy(() -> SignedResults.verify(token, key)).isInstanceOf(SignatureException.class);
        }
    }

    @Test
    void codesAndWordsAreThoseOfTheDraft() {
        assertThat(Tier.NONE.code()).isZero();
        assertThat(Tier.AFFIRMING.code()).isEqualTo(2);
        assertThat(Tier.WARNING.code()).isEqualTo(32);
        assertThat(Tier.CONTRAINDICATED.code()).isEqualTo(96);
        assertThat(Tier.CONTRAINDICATED.word()).isEqualTo("contraindicated");
    }
}
