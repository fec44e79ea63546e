package io.bitdelta.attestation.appraisal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies as JSON and as YAML: one record, every rule read, unknown rules refused. */
final class PolicyDocumentTest {
    private static final String JSON = """
            {"allowedStatuses":["UpToDate","SWHardeningNeeded"],"refusedAdvisories":["INTEL-SA-00615"],
            "minimumTcbEvaluation":18,"measurements":{"mrtd":["00ff"],"pcr0":["01","02"]},"requireSeptVeDisable":false,
            "allowServiceTd":true,"allowDebug":true,
            "snp":{"vmpls":[0,1],"allowVlek":true,"allowMigration":true,"requireCrl":true,"minimumTcb":{"microcode":115}},
            "maxAgeSeconds":300,"required":["tdx","nvidia"],"development":{"chainId":31337,"testChains":[31337]}}""";

    private static final String YAML = """
            # comments are what YAML is for
            allowedStatuses: [UpToDate, SWHardeningNeeded]
            refusedAdvisories:
              - INTEL-SA-00615
            minimumTcbEvaluation: 18
            measurements:
              mrtd: ["00ff"]
              pcr0:
                - "01"
                - "02"
            requireSeptVeDisable: false
            allowServiceTd: true
            allowDebug: true
            snp:
              vmpls: [0, 1]
              allowVlek: true
              allowMigration: true
              requireCrl: true
              minimumTcb: {microcode: 115}
            maxAgeSeconds: 300
            required: [tdx, nvidia]
            development:
              chainId: 31337
              testChains: [31337]
            """;

    private static AppraisalPolicy parse(String text) {
        return PolicyDocument.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyRuleIsReadFromBothSpellings() {
        AppraisalPolicy expected = new AppraisalPolicy(
                Set.of("UpToDate", "SWHardeningNeeded"),
                Set.of("INTEL-SA-00615"),
                18,
                true,
                false,
                true,
                Map.of("mrtd", Set.of("00ff"), "pcr0", Set.of("01", "02")),
                new SnpRule(Set.of(0, 1), true, true, true, Map.of("microcode", 115)),
                Optional.of(Duration.ofMinutes(5)),
                Set.of(Technology.TDX, Technology.NVIDIA),
                new DevelopmentRule(true, 31337, Set.of(31337L)));
        assertThat(parse(JSON)).isEqualTo(expected);
        assertThat(parse(YAML)).isEqualTo(expected);
    }

    @Test
    void anEmptyObjectIsTheStrictPolicy() {
        assertThat(parse("{}")).isEqualTo(AppraisalPolicy.strict());
        assertThat(parse("--- {}\n")).isEqualTo(AppraisalPolicy.strict());
        assertThat(parse("{\"snp\":{}}").snp()).isEqualTo(SnpRule.STRICT);
        assertThat(parse("development: {chainId: 1337}\n").development().admits())
                .isTrue();
        assertThat(parse("development: {chainId: 1}\n").development().admits()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allowDebugg: true",
                "snp: {allowVlekk: true}",
                "development: {chain: 1}",
                "development: {}",
                "development: {chainId: 0}",
                "development: {chainId: 5, testChains: [122]}",
                "allowDebug: yes",
                "allowDebug: 1",
                "allowedStatuses: [Revoked]",
                "allowedStatuses: UpToDate",
                "minimumTcbEvaluation: -1",
                "minimumTcbEvaluation: 1.5",
                "maxAgeSeconds: 0",
                "measurements: {mrtd: [12]}",
                "measurements: {mrtd: }",
                "snp: {vmpls: [4]}",
                "snp: {vmpls: [zero]}",
                "snp: {minimumTcb: {microcode: 256}}",
                "required: [sgxx]",
                "allowDebug: true\nallowDebug: false",
                "snp: &a {allowVlek: true}",
                "a: &a [1]\nb: *a",
                "allowDebug: !!java.lang.String x",
                "!allisor:yiUpToDatelll%e579",
                "1: 2",
                "? [a]\n: b",
                "--- {}\n--- {}",
                "- allowDebug",
                "text",
                "",
                "{\"allowDebug\":true,}",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
            })
    void whatIsNoPolicyIsRefused(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void refusalsNameTheRule() {
        for (String[] wrong : List.of(
                new String[] {"allowDebugg: true", "allowDebugg"},
                new String[] {"snp: {x: 1}", "snp"},
                new String[] {"required: [sgxx]", "sgxx"})) {
            assertThatThrownBy(() -> parse(wrong[0])).hasMessageContaining(wrong[1]);
        }
    }
}
