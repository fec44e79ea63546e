package io.bitdelta.attestation.evidence.snp;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.appraisal.CollateralRequest;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The addresses that a report asks AMD's key distribution service for. */
final class SnpRequestsTest {
    private static List<String> paths(int version, int family, int model, int signingKey) {
        byte[] report = new byte[SnpReport.LENGTH];
        report[0] = (byte) version;
        report[0x48] = (byte) (signingKey << 2);
        report[0x188] = (byte) family;
        report[0x189] = (byte) model;
        for (int i = 0; i < 8; i++) {
            report[0x180 + i] = (byte) (0xf0 + i);
        }
        Arrays.fill(report, 0x1A0, 0x1E0, (byte) 0xab);
        return new SnpVerifier(TrustAnchors.none())
                .collateral(report).stream().map(CollateralRequest::path).toList();
    }

    @Test
    void eachGenerationHasItsNameParametersAndLengthOfHardwareId() {
        assertThat(paths(3, 0x19, 0x01, 0))
                .containsExactly(
                        "vcek/v1/Milan/" + "ab".repeat(64) + "?blSPL=240&teeSPL=241&snpSPL=246&ucodeSPL=247",
                        "vcek/v1/Milan/cert_chain",
                        "vcek/v1/Milan/crl");
        assertThat(paths(3, 0x19, 0x11, 0)).first().asString().startsWith("vcek/v1/Genoa/");
        assertThat(paths(3, 0x19, 0xa0, 0)).first().asString().startsWith("vcek/v1/Genoa/");
        assertThat(paths(3, 0x19, 0x0f, 0)).first().asString().startsWith("vcek/v1/Milan/");
        assertThat(paths(3, 0x19, 0x10, 0)).first().asString().startsWith("vcek/v1/Genoa/");
        assertThat(paths(3, 0x19, 0x1f, 0)).first().asString().startsWith("vcek/v1/Genoa/");
        assertThat(paths(3, 0x19, 0xaf, 0)).first().asString().startsWith("vcek/v1/Genoa/");
        assertThat(paths(3, 0x1a, 0x11, 0)).first().asString().startsWith("vcek/v1/Turin/");
        assertThat(paths(5, 0x1a, 0x02, 0))
                .first()
                .isEqualTo(
                        "vcek/v1/Turin/" + "ab".repeat(8) + "?fmcSPL=240&blSPL=241&teeSPL=242&snpSPL=243&ucodeSPL=247");
    }

    @Test
    void aReportWithoutFamilyAsksForBothGenerationsOfItsTime() {
        assertThat(paths(2, 0, 0, 0))
                .hasSize(6)
                .anyMatch(p -> p.contains("Milan"))
                .anyMatch(p -> p.contains("Genoa"));
    }

    @Test
    void aProvidersCertificateIsNotAmdsToGive() {
        assertThat(paths(3, 0x19, 0x01, 1)).containsExactly("vlek/v1/Milan/cert_chain", "vlek/v1/Milan/crl");
    }

    @Test
    void anUnknownProcessorAsksForNothing() {
        assertThat(paths(3, 0x19, 0x20, 0)).isEmpty();
        assertThat(paths(3, 0x19, 0x9f, 0)).isEmpty();
        assertThat(paths(3, 0x19, 0xb0, 0)).isEmpty();
        assertThat(paths(3, 0x1a, 0x12, 0)).isEmpty();
        assertThat(paths(3, 0x17, 0x00, 0)).isEmpty();
    }
}
