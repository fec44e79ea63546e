package io.bitdelta.attestation.appraisal;

import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.Keccak256;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Judges a CPU's evidence with a GPU's inside: the GPU attests first, to a nonce derived from the challenge; the hash of
 * its evidence enters the statement that the CPU's report data binds.
 */
public final class CompositeAppraiser {
    private final Appraiser appraiser;

    /** Over an appraiser of the parts. */
    public CompositeAppraiser(Appraiser appraiser) {
        this.appraiser = appraiser;
    }

    /**
     * Judges.
     *
     * @param cpu the CPU's evidence
     * @param gpu the GPU's, if there is one
     * @param statement what the CPU's report data must bind
     */
    public CompositeResult appraise(
            byte[] cpu,
            Optional<byte[]> gpu,
            Endorsements endorsements,
            AppraisalPolicy policy,
            Instant at,
            Statement statement) {
        List<AppraisalResult> results = new ArrayList<>();
        results.add(appraiser.appraise(cpu, endorsements, policy, at, Expectation.of(statement)));
        boolean composed = statement.gpuEvidenceHash().isZero() == gpu.isEmpty();
        if (gpu.isPresent()) {
            Bytes32 nonce = Statement.gpuNonce(statement.nonce());
            results.add(appraiser.appraise(
                    gpu.get(), endorsements, policy, at, Expectation.nothing().withNonce(nonce.bytes())));
            composed &= Keccak256.of(appraiser.significant(gpu.get())).equals(statement.gpuEvidenceHash());
        }
        TreeMap<Technology, AppraisalResult> parts = new TreeMap<>();
        Tier worst = Tier.AFFIRMING;
        for (AppraisalResult result : results) {
            // Two parts of one technology are no composition: one could hide behind the other.
            composed &= parts.put(result.technology(), result) == null;
            worst = worse(worst, result.tier());
        }
        if (!composed || !parts.keySet().containsAll(policy.required())) {
            worst = Tier.CONTRAINDICATED;
        }
        return new CompositeResult(worst, parts);
    }

    private static Tier worse(Tier one, Tier other) {
        if (one == Tier.CONTRAINDICATED || other == Tier.CONTRAINDICATED) {
            return Tier.CONTRAINDICATED;
        }
        if (one == Tier.NONE || other == Tier.NONE) {
            return Tier.NONE;
        }
        return one == Tier.WARNING || other == Tier.WARNING ? Tier.WARNING : Tier.AFFIRMING;
    }
}
