package io.bitdelta.node.local;

import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.engine.EngineInputException;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.chain.TxExpiredException;
import io.bitdelta.node.did.DidFormException;
import io.bitdelta.node.jobs.JobProblem;
import io.bitdelta.node.jobs.JobRules.Verdict;
import io.bitdelta.node.provenance.ProvenanceException;
import io.bitdelta.node.publish.PublicationExpiredException;
import io.bitdelta.node.publish.PublishRefusedException;
import io.bitdelta.node.publish.QuotaException;
import io.bitdelta.node.royalty.RoyaltyInputException;
import io.bitdelta.node.soup.SoupRefusedException;
import io.bitdelta.node.soup.WeightsUnknownException;
import java.io.IOException;
import java.util.UUID;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What failures mean for a job: which may pass, and what is told of those that will not. */
final class JobFailures {
    private static final Logger log = LoggerFactory.getLogger(JobFailures.class);

    private JobFailures() {}

    static Verdict verdict(Exception failure) {
        return switch (failure) {
            case ChainException away -> new Verdict.TryAgain("chain: " + away.getMessage());
            case IOException away -> new Verdict.TryAgain("store: " + away.getMessage());
            case DataAccessException away -> new Verdict.TryAgain("database");
            case TxExpiredException late -> new Verdict.Expired(problem("evidence-expired", 410, late));
            case PublicationExpiredException late -> new Verdict.Expired(problem("evidence-expired", 410, late));
            case RevertedException refused -> new Verdict.GiveUp(problem("reverted", 409, refused));
            case PublishRefusedException refused -> new Verdict.GiveUp(problem("publication-refused", 422, refused));
            case ProvenanceException bad -> new Verdict.GiveUp(problem("publication-refused", 422, bad));
            case QuotaException full -> new Verdict.GiveUp(problem("quota", 413, full));
            case RoyaltyInputException bad -> new Verdict.GiveUp(problem("royalty-input", 422, bad));
            case WeightsUnknownException withheld -> new Verdict.GiveUp(problem("weights-unknown", 422, withheld));
            case EngineInputException bad -> new Verdict.GiveUp(problem("not-a-delta", 422, bad));
            case SoupRefusedException refused -> new Verdict.GiveUp(problem("soup-refused", 422, refused));
            case DidFormException bad -> new Verdict.GiveUp(problem("did-change", 422, bad));
            case SignatureException bad -> new Verdict.GiveUp(problem("signature", 422, bad));
            default -> {
                UUID reference = UUID.randomUUID();
                log.error("a job failed, reference {}", reference, failure);
                yield new Verdict.GiveUp(new JobProblem(
                        "internal", 500, "the node failed; its log has more under reference " + reference));
            }
        };
    }

    private static JobProblem problem(String slug, int status, Exception failure) {
        return new JobProblem(slug, status, String.valueOf(failure.getMessage()));
    }
}
