package io.bitdelta.attestation.appraisal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.appraisal.CollateralRequest.Kind;
import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Evidence goes to the verifier that recognises it; a composite is as good as its worst part. */
final class AppraiserTest {
    private static final Instant AT = Instant.parse("2026-11-01T00:00:00Z");

    /** Recognises its first byte; the second one says what is found. */
    private record Simple(int kind, Technology technology) implements EvidenceVerifier {
        static final int GOOD = 0;
        static final int MISSING = 1;
        static final int BAD = 2;

        @Override
        public boolean recognises(byte[] evidence) {
            return evidence.length > 1 && evidence[0] == kind;
        }

        @Override
        public byte[] significant(byte[] evidence) {
            return new byte[] {evidence[0], evidence[1]};
        }

        @Override
        public List<CollateralRequest> collateral(byte[] evidence) {
            return List.of(CollateralRequest.of("c/" + kind, Kind.CERTIFICATES));
        }

        @Override
        public List<CollateralRequest> revocation(byte[] evidence, Endorsements had) {
            return List.of(CollateralRequest.of("r/" + kind, Kind.REVOCATION_STATUS));
        }

        @Override
        public AppraisalResult appraise(
                byte[] evidence,
                Endorsements endorsements,
                AppraisalPolicy policy,
                Instant at,
                Expectation expectation) {
            Appraisal appraisal = new Appraisal(technology);
            appraisal.require(evidence[1] != MISSING, Reason.COLLATERAL_MISSING, "missing");
            appraisal.require(evidence[1] != BAD, Reason.BAD_SIGNATURE, "bad");
            return appraisal.result();
        }
    }

    private final Appraiser appraiser = new Appraiser(List.of(
            new Simple(1, Technology.TDX), new Simple(2, Technology.NVIDIA), new Simple(3, Technology.SOFTWARE)));

    private static byte[] evidence(int kind, int found) {
        return new byte[] {(byte) kind, (byte) found, 77};
    }

    @Test
    void theVerifierThatRecognisesEvidenceAnswersForIt() {
        byte[] gpu = evidence(2, Simple.GOOD);
        assertThat(appraiser.recognises(gpu)).isTrue();
        assertThat(appraiser.significant(gpu)).isEqualTo(new byte[] {2, 0});
        assertThat(appraiser.collateral(gpu)).containsExactly(CollateralRequest.of("c/2", Kind.CERTIFICATES));
        assertThat(appraiser.revocation(gpu, Endorsements.none()))
                .containsExactly(CollateralRequest.of("r/2", Kind.REVOCATION_STATUS));
        assertThat(judge(gpu).technology()).isEqualTo(Technology.NVIDIA);
    }

    private AppraisalResult judge(byte[] evidence) {
        return appraiser.appraise(evidence, Endorsements.none(), AppraisalPolicy.strict(), AT, Expectation.nothing());
    }

    @Test
    void unknownEvidenceIsUnsupportedAndAsksForNothing() {
        byte[] unknown = evidence(9, Simple.GOOD);
        assertThat(appraiser.recognises(unknown)).isFalse();
        assertThat(appraiser.significant(unknown)).isEqualTo(unknown).isNotSameAs(unknown);
        assertThat(appraiser.collateral(unknown)).isEmpty();
        assertThat(appraiser.revocation(unknown, Endorsements.none())).isEmpty();
        assertThat(judge(unknown).reasons()).containsExactly(Reason.UNSUPPORTED);
        assertThat(judge(unknown).tier()).isEqualTo(Tier.CONTRAINDICATED);
    }

    private CompositeResult compose(int cpu, int cpuFound, int gpuFound) {
        byte[] gpu = evidence(2, gpuFound);
        Statement statement = new Statement(
                31337,
                EvmAddress.of(new byte[20]),
                Bytes32.ZERO,
                Bytes32.ZERO,
                Bytes32.ZERO,
                Bytes32.ZERO,
                Keccak256.of(appraiser.significant(gpu)),
                100);
        return new CompositeAppraiser(appraiser)
                .appraise(
                        evidence(cpu, cpuFound),
                        Optional.of(gpu),
                        Endorsements.none(),
                        AppraisalPolicy.strict(),
                        AT,
                        statement);
    }

    @Test
    void aCompositeIsAsGoodAsItsWorstPart() {
        assertThat(compose(1, Simple.GOOD, Simple.GOOD).tier()).isEqualTo(Tier.AFFIRMING);
        assertThat(compose(1, Simple.MISSING, Simple.GOOD).tier()).isEqualTo(Tier.NONE);
        assertThat(compose(1, Simple.GOOD, Simple.MISSING).tier()).isEqualTo(Tier.NONE);
        assertThat(compose(1, Simple.BAD, Simple.MISSING).tier()).isEqualTo(Tier.CONTRAINDICATED);
        assertThat(compose(1, Simple.MISSING, Simple.BAD).tier()).isEqualTo(Tier.CONTRAINDICATED);
        assertThat(compose(1, Simple.GOOD, Simple.BAD).tier()).isEqualTo(Tier.CONTRAINDICATED);
        assertThat(compose(3, Simple.GOOD, Simple.GOOD).tier()).isEqualTo(Tier.WARNING);
        assertThat(compose(3, Simple.GOOD, Simple.MISSING).tier()).isEqualTo(Tier.NONE);
        assertThat(compose(1, Simple.GOOD, Simple.MISSING).affirming()).isFalse();
    }

    @Test
    void endorsementsAreCopiedAndReadOnce() {
        byte[] document = {1, 2};
        Endorsements endorsements = Endorsements.of(List.of(document));
        document[0] = 9;
        assertThat(endorsements.documents()).containsExactly(new byte[] {1, 2});
        endorsements.documents().getFirst()[0] = 9;
        assertThat(endorsements.documents()).containsExactly(new byte[] {1, 2});
        AtomicInteger reads = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            assertThat(endorsements.view(String.class, documents -> {
                        reads.incrementAndGet();
                        return "read " + documents.size();
                    }))
                    .isEqualTo("read 1");
        }
        assertThat(reads).hasValue(1);
        assertThat(Endorsements.none().documents()).isEmpty();
    }

    @Test
    void aRequestStaysBelowTheServicesBase() {
        assertThat(CollateralRequest.of("sgx/v4/tcb?fmspc=00&a=b-c_d.e", Kind.SIGNED_JSON, "Issuer-Chain"))
                .isEqualTo(new CollateralRequest(
                        "sgx/v4/tcb?fmspc=00&a=b-c_d.e", Kind.SIGNED_JSON, Optional.of("Issuer-Chain")));
        for (String path : List.of("/a", "", "a/../b", "a//b", "a b", "a#b", "a%2e", "http://x")) {
            assertThatThrownBy(() -> CollateralRequest.of(path, Kind.CERTIFICATES))
                    .as(path)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
