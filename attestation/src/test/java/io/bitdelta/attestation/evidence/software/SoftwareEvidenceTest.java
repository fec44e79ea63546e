package io.bitdelta.attestation.evidence.software;

import static io.bitdelta.attestation.FormatVectors.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.appraisal.DevelopmentRule;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.EvidenceVerifier;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.appraisal.Tier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SoftwareEvidenceTest {
    private static final Instant AT = Instant.parse("2026-11-20T20:00:00Z");
    private static final AppraisalPolicy DEVELOPMENT = AppraisalPolicy.strict().withDevelopment(31337);

    private final byte[] reportData = Arrays.copyOf(filled(7).bytes(), 64);

    @TempDir
    Path folder;

    private SoftwareAttester attester;
    private byte[] evidence;

    @BeforeEach
    void issue() throws Exception {
        attester = SoftwareAttester.open(folder, new SecureRandom());
        evidence = attester.attest(reportData, filled(9));
    }

    private AppraisalResult judge(EvidenceVerifier verifier, byte[] bytes, AppraisalPolicy policy) {
        return new Appraiser(List.of(verifier)).appraise(bytes, Endorsements.none(), policy, AT, reportData);
    }

    private AppraisalResult judge(byte[] bytes, AppraisalPolicy policy) {
        return judge(SoftwareVerifier.anyKey(), bytes, policy);
    }

    @Test
    void admittedAsDevelopmentAndNeverAffirming() {
        AppraisalResult result = judge(evidence, DEVELOPMENT);
        assertThat(result.tier()).isEqualTo(Tier.WARNING);
        assertThat(result.development()).isTrue();
        assertThat(result.claims()).containsKey("debug");
    }

    @Test
    void refusedUnlessPolicyAndChainBothAllow() {
        for (AppraisalPolicy policy : List.of(
                AppraisalPolicy.strict(),
                AppraisalPolicy.strict().withDevelopment(1),
                AppraisalPolicy.strict().withDevelopment(122),
                AppraisalPolicy.strict().withDevelopment(new DevelopmentRule(false, 31337, Set.of(31337L))))) {
            AppraisalResult result = judge(evidence, policy);
            assertThat(result.reasons()).containsExactly(Reason.DEBUG);
            assertThat(result.tier()).isEqualTo(Tier.CONTRAINDICATED);
            assertThat(result.admitted()).isFalse();
        }
    }

    @Test
    void theExternalChainCanNotBeListed() {
        assertThatThrownBy(() -> new DevelopmentRule(true, 122, Set.of(122L))).hasMessageContaining("122");
    }

    @Test
    void anyFlippedBitIsRefused() {
        for (int bit = 0; bit < evidence.length * 8; bit++) {
            byte[] flipped = evidence.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(judge(flipped, DEVELOPMENT).admitted()).as("bit %d", bit).isFalse();
        }
    }

    @Test
    void aPinnedVerifierRefusesOtherKeys() throws Exception {
        assertThat(judge(SoftwareVerifier.pinned(Set.of(attester.publicKey())), evidence, DEVELOPMENT)
                        .admitted())
                .isTrue();
        SoftwareAttester other = SoftwareAttester.open(folder.resolve("other"), new SecureRandom());
        assertThat(judge(SoftwareVerifier.pinned(Set.of(other.publicKey())), evidence, DEVELOPMENT)
                        .reasons())
                .containsExactly(Reason.UNTRUSTED_ROOT);
    }

    @Test
    void theKeyOfAFolderStays() throws Exception {
        SoftwareAttester again = SoftwareAttester.open(folder, new SecureRandom());
        assertThat(again.publicKey()).isEqualTo(attester.publicKey());
        assertThat(again.attest(reportData, filled(9))).isEqualTo(evidence);
        Files.write(folder.resolve(SoftwareAttester.KEY_FILE), new byte[31]);
        assertThatThrownBy(() -> SoftwareAttester.open(folder, new SecureRandom()))
                .hasMessageContaining("31 bytes");
    }

    @Test
    void unknownBytesAreUnsupported() {
        AppraisalResult result = new Appraiser(List.of(SoftwareVerifier.anyKey()))
                .appraise(new byte[10], Endorsements.none(), DEVELOPMENT, AT, Expectation.nothing());
        assertThat(result.reasons()).containsExactly(Reason.UNSUPPORTED);
        assertThat(result.admitted()).isFalse();
    }
}
