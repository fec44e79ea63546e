package io.bitdelta.node.api.contract;

import io.bitdelta.node.auth.Scope;
import java.util.Optional;
import java.util.Set;

/**
 * Who may call an operation.
 *
 * @param level the least that a caller must have proved
 * @param scopes that the caller must hold, all of them
 * @param owner where the request names the identity whose caller it must be; for {@link Level#OWNER} alone
 */
public record Access(Level level, Set<Scope> scopes, Optional<OwnerField> owner) {
    /** The least that a caller must have proved. */
    public enum Level {
        /** Nothing. */
        PUBLIC,
        /** Who they are. */
        AUTHENTICATED,
        /** That they are, or act for, the identity that the request names. */
        OWNER,
        /** That they run the node. */
        OPERATOR,
    }

    /**
     * Where a request names an identity, as a DID or an address.
     *
     * @param in {@code path}, {@code query} or {@code body}
     * @param name parameter, or top-level property of a JSON body, or field of a form
     */
    public record OwnerField(String in, String name) {}

    /** Keeps a copy of the scopes and holds level and owner together. */
    public Access {
        scopes = Set.copyOf(scopes);
        if ((level == Level.OWNER) != owner.isPresent()) {
            throw new ContractException("x-owner stands with x-access: owner, and only there");
        }
        if (level == Level.PUBLIC && !scopes.isEmpty()) {
            throw new ContractException("a public operation has no x-scopes");
        }
    }
}
