package io.bitdelta.node.api.publish;

import io.bitdelta.node.api.Problem;
import io.bitdelta.node.auth.Principal;
import io.bitdelta.node.auth.Scope;

/**
 * For whom the node pays gas.
 *
 * @param everybody every caller who is known, not only those with {@link Scope#SPONSOR}: on test chains
 */
public record Sponsoring(boolean everybody) {
    /** Refuses a caller for whom nobody pays, with what to do about it. */
    public void require(Principal principal) {
        if (!everybody && !principal.may(Scope.SPONSOR)) {
            throw Problem.of(
                    403,
                    "not-sponsored",
                    "this node does not pay gas for %s: ask its operator for the scope \"sponsor\", or send it from an account of your own"
                            .formatted(principal.id()));
        }
    }
}
