package io.bitdelta.attestation.evidence.dcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.json.JsonException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the statuses of platform, module and quoting enclave become one. */
final class TcbStatusTest {
    @ParameterizedTest
    @CsvSource({
        "UpToDate, UpToDate, UpToDate",
        "UpToDate, SWHardeningNeeded, SWHardeningNeeded",
        "SWHardeningNeeded, UpToDate, SWHardeningNeeded",
        "ConfigurationNeeded, UpToDate, ConfigurationNeeded",
        "UpToDate, ConfigurationNeeded, ConfigurationNeeded",
        "ConfigurationNeeded, SWHardeningNeeded, ConfigurationAndSWHardeningNeeded",
        "ConfigurationAndSWHardeningNeeded, UpToDate, ConfigurationAndSWHardeningNeeded",
        "UpToDate, ConfigurationAndSWHardeningNeeded, ConfigurationAndSWHardeningNeeded",
        "OutOfDate, UpToDate, OutOfDate",
        "UpToDate, OutOfDate, OutOfDate",
        "OutOfDate, SWHardeningNeeded, OutOfDate",
        "OutOfDate, ConfigurationNeeded, OutOfDateConfigurationNeeded",
        "ConfigurationNeeded, OutOfDate, OutOfDateConfigurationNeeded",
        "ConfigurationAndSWHardeningNeeded, OutOfDate, OutOfDateConfigurationNeeded",
        "UpToDate, OutOfDateConfigurationNeeded, OutOfDateConfigurationNeeded",
        "OutOfDateConfigurationNeeded, UpToDate, OutOfDateConfigurationNeeded",
        "Revoked, UpToDate, Revoked",
        "UpToDate, Revoked, Revoked",
        "OutOfDate, Revoked, Revoked",
        "Revoked, OutOfDateConfigurationNeeded, Revoked"
    })
    void theWorseStatusWinsAndNeedsAreJoined(String platform, String part, String merged) {
        assertThat(TcbStatus.of(platform).mergedWith(TcbStatus.of(part)).word()).isEqualTo(merged);
    }

    @Test
    void otherWordsAreNoStatus() {
        assertThatThrownBy(() -> TcbStatus.of("uptodate")).isInstanceOf(JsonException.class);
        assertThat(TcbStatus.of("OutOfDate").outOfDate()).isTrue();
        assertThat(TcbStatus.of("OutOfDateConfigurationNeeded").outOfDate()).isTrue();
        assertThat(TcbStatus.of("Revoked").outOfDate()).isFalse();
    }
}
