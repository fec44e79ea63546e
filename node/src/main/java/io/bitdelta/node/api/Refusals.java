package io.bitdelta.node.api;

import io.bitdelta.node.auth.CredentialRefusedException;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.RevertedException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a handler threw into what its caller is told. */
final class Refusals {
    private static final Logger log = LoggerFactory.getLogger(Refusals.class);
    private static final int SOON = 5;

    private Refusals() {}

    /** The problem of a failure; one that says nothing to a caller is logged with its trace, and told as 500. */
    static Problem of(Throwable thrown, String operation, String requestId) {
        Throwable failure = thrown;
        while ((failure instanceof CompletionException || failure instanceof ExecutionException)
                && failure.getCause() != null) {
            failure = failure.getCause();
        }
        return switch (failure) {
            case Problem problem -> problem;
            case CredentialRefusedException refused -> unauthenticated(String.valueOf(refused.getMessage()));
            case RevertedException reverted -> Problem.of(422, "reverted", String.valueOf(reverted.getMessage()));
            case ChainException away -> {
                log.warn("{} {}: {}", requestId, operation, away.getMessage());
                yield Problem.unavailable("chain-unreachable", "the chain does not answer: try again soon", SOON);
            }
            default -> {
                log.error("{} {} failed", requestId, operation, failure);
                yield Problem.of(500, "internal", "the node failed on this request; its log knows it as " + requestId);
            }
        };
    }

    static Problem unauthenticated(String detail) {
        return Problem.of(401, "unauthenticated", detail).withHeader("WWW-Authenticate", "Bearer realm=\"bitdelta\"");
    }
}
