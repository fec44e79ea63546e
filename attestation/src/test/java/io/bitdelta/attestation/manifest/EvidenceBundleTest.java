package io.bitdelta.attestation.manifest;

import static io.bitdelta.attestation.FormatVectors.DOMAIN;
import static io.bitdelta.attestation.FormatVectors.REGISTRY;
import static io.bitdelta.attestation.FormatVectors.filled;
import static io.bitdelta.attestation.FormatVectors.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.appraisal.Tier;
import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.evidence.software.SoftwareAttester;
import io.bitdelta.attestation.evidence.software.SoftwareVerifier;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.attestation.typed.PublishMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvidenceBundleTest {
    private static final Instant AT = Instant.parse("2026-11-20T20:00:00Z");
    private static final AppraisalPolicy DEVELOPMENT = AppraisalPolicy.strict().withDevelopment(31337);

    private final Appraiser appraiser = new Appraiser(List.of(SoftwareVerifier.anyKey()));
    private final SecureRandom random = new SecureRandom();
    private final Secp256k1Key owner = Secp256k1Key.generate(random);
    private final Statement statement = Statement.of(31337, REGISTRY, value("deltaId"), filled(0x66), 2_000_000_000L);

    @TempDir
    Path folder;

    private EvidenceBundle bundle;

    @BeforeEach
    void makeBundle() throws Exception {
        byte[] evidence = SoftwareAttester.open(folder, random).attest(statement.reportData(), filled(9));
        AppraisalResult result =
                appraiser.appraise(evidence, Endorsements.none(), DEVELOPMENT, AT, statement.reportData());
        PublishMessage publish = new PublishMessage(value("deltaId"), Bytes32.ZERO, 2_000_000_000L);
        bundle = new EvidenceBundle(
                evidence,
                Endorsements.of(List.of(new byte[] {1, 2, 3})),
                result,
                statement,
                publish,
                owner.sign(publish.digest(DOMAIN)));
    }

    @Test
    void aBundleComesBackAndIsJudgedAgain() {
        EvidenceBundle read = EvidenceBundle.parse(bundle.bytes());
        assertThat(read.digest()).isEqualTo(bundle.digest());
        assertThat(read.appraisal()).isEqualTo(bundle.appraisal());
        assertThat(read.signer()).isEqualTo(owner.address());
        assertThat(read.signedBy(new LuxDid(31337, owner.address()))).isTrue();
        assertThat(read.endorsements().documents()).containsExactly(new byte[] {1, 2, 3});
        AppraisalResult again = read.appraise(appraiser, DEVELOPMENT, AT);
        assertThat(again.tier()).isEqualTo(Tier.WARNING);
        assertThat(again.admitted()).isTrue();
        assertThat(again.affirming()).isFalse();
        assertThat(again.development()).isTrue();
    }

    @Test
    void anotherOwnerOrChainDoesNotHold() {
        assertThat(bundle.signedBy(new LuxDid(31338, owner.address()))).isFalse();
        assertThat(bundle.signedBy(
                        new LuxDid(31337, Secp256k1Key.generate(random).address())))
                .isFalse();
    }

    @Test
    void evidenceOfAnotherStatementIsNamed() {
        Statement other = Statement.of(31337, REGISTRY, value("deltaId"), filled(0x67), 2_000_000_000L);
        EvidenceBundle moved = new EvidenceBundle(
                bundle.evidence(),
                bundle.endorsements(),
                bundle.appraisal(),
                other,
                bundle.publish(),
                bundle.signature());
        assertThat(moved.appraise(appraiser, DEVELOPMENT, AT).reasons()).containsExactly(Reason.REPORT_DATA_MISMATCH);
    }

    @Test
    void statementAndMessageMustBeAboutOneDelta() {
        PublishMessage other = new PublishMessage(filled(1), Bytes32.ZERO, 5);
        assertThatThrownBy(() -> new EvidenceBundle(
                        bundle.evidence(),
                        bundle.endorsements(),
                        bundle.appraisal(),
                        statement,
                        other,
                        owner.sign(other.digest(DOMAIN))))
                .isInstanceOf(ManifestException.class);
    }

    @Test
    void aMemberThatNoBundleHasIsRefusedForItWouldBeASecondDigestOfOneBundle() {
        String text = new String(bundle.bytes(), StandardCharsets.UTF_8);
        for (String other : List.of(
                text.replace("\"tier\":", "\"tier\":\"warning\",\"tifr\":"),
                text.replace("\"schema\":", "\"salt\":\"x\",\"schema\":"),
                text.replace("\"prev\":", "\"note\":\"x\",\"prev\":"))) {
            assertThatThrownBy(() -> EvidenceBundle.parse(other.getBytes(StandardCharsets.UTF_8)))
                    .as(other)
                    .isInstanceOf(ManifestException.class);
        }
    }

    @Test
    void damagedBlocksAreRefused() {
        byte[] bytes = bundle.bytes();
        assertThatThrownBy(() -> EvidenceBundle.parse(java.util.Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(ManifestException.class);
        assertThatThrownBy(() -> EvidenceBundle.parse(new byte[EvidenceBundle.MAX_BYTES + 1]))
                .hasMessageContaining("over the limit");
    }
}
