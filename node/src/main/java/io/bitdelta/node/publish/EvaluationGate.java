package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.provenance.SignedEvaluation;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What a delta must be worth to be published here.
 *
 * @param least share of the base's score that every suite of its evaluation must keep
 * @param required whether a delta without an evaluation is refused
 */
public record EvaluationGate(BigDecimal least, boolean required) {
    /** Checks the share. */
    public EvaluationGate {
        if (least.signum() < 0 || least.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("publish.gate: " + least + ", must be 0 to 1");
        }
    }

    /**
     * Refuses what does not pass.
     *
     * @throws PublishRefusedException saying what is missing or which suite fails
     */
    public void require(Optional<SignedEvaluation> evaluation, Bytes32 fileHash, Bytes32 baseHash) {
        if (evaluation.isEmpty()) {
            if (required) {
                throw new PublishRefusedException(
                        "this node publishes no delta without a signed evaluation; make one with: bitdelta model eval"
                                + " --suite ... --report FILE --key OWNER");
            }
            return;
        }
        SignedEvaluation given = evaluation.get();
        if (!given.fileHash().equals(fileHash) || !given.baseHash().equals(baseHash)) {
            throw new PublishRefusedException(
                    "the evaluation is of file %s over base %s, this is file %s over base %s: evaluate this one"
                            .formatted(given.fileHash(), given.baseHash(), fileHash, baseHash));
        }
        SignedEvaluation.Score lowest = given.lowest();
        if (lowest.relative().compareTo(least) < 0) {
            throw new PublishRefusedException(
                    "in %s the delta keeps %s of its base's score, this node wants %s (publish.gate)"
                            .formatted(
                                    lowest.suite(),
                                    SignedEvaluation.decimal(lowest.relative()),
                                    SignedEvaluation.decimal(least)));
        }
    }
}
