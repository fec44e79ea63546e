package io.bitdelta.attestation.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.appraisal.Technology;
import org.junit.jupiter.api.Test;

final class SampleEvidenceTest {
    @Test
    void theSamplesAreAffirmingUnderTheirOwnRootsOnly() {
        assertThat(SampleEvidence.tdx().appraise().affirming())
                .as("%s", SampleEvidence.tdx().appraise().findings())
                .isTrue();
        assertThat(SampleEvidence.snp().appraise().affirming())
                .as("%s", SampleEvidence.snp().appraise().findings())
                .isTrue();
        assertThat(SampleEvidence.tdx().appraise().technology()).isEqualTo(Technology.TDX);
        assertThat(SampleEvidence.snp().appraise().technology()).isEqualTo(Technology.SNP);
    }
}
