package io.bitdelta.node.api;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.api.contract.Access;
import io.bitdelta.node.api.contract.Endpoint;
import io.bitdelta.node.auth.Principal;
import io.bitdelta.node.auth.Scope;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Decides from the contract's words whether a caller may do what the request asks. */
final class AccessRules {
    private AccessRules() {}

    /** What can be decided before the body is read: who they are, which scopes they hold. */
    static void admit(Endpoint endpoint, Principal principal) {
        Access access = endpoint.access();
        if (access.level() == Access.Level.PUBLIC) {
            return;
        }
        if (!principal.authenticated()) {
            throw Refusals.unauthenticated("%s needs a session token (POST /api/auth/session) or an API key"
                    .formatted(endpoint.operationId()));
        }
        if (access.level() == Access.Level.OPERATOR && !principal.operator()) {
            throw Problem.forbidden("%s is for the node's operators".formatted(endpoint.operationId()));
        }
        for (Scope scope : access.scopes()) {
            if (!principal.may(scope)) {
                throw Problem.forbidden(
                        "%s needs a credential with the scope %s".formatted(endpoint.operationId(), scope));
            }
        }
    }

    /** What depends on the request: whether they act for the identity that it names. */
    static void admitOwner(
            Endpoint endpoint, Principal principal, Parameters parameters, Bodies.Body body, Lending lending) {
        Access.OwnerField field = endpoint.access().owner().orElse(null);
        if (field == null || principal.operator()) {
            return;
        }
        EvmAddress identity = identity(field, named(field, parameters, body));
        boolean lent = principal.address().isPresent()
                && !endpoint.access().scopes().isEmpty()
                && endpoint.access().scopes().stream()
                        .allMatch(scope ->
                                lending.permits(identity, principal.address().orElseThrow(), scope));
        if (!principal.is(identity) && !lent) {
            throw Problem.forbidden("this credential does not act for %s".formatted(identity));
        }
    }

    private static String named(Access.OwnerField field, Parameters parameters, Bodies.Body body) {
        return switch (field.in()) {
            case "path" -> String.valueOf(parameters.path().get(field.name()));
            case "query" ->
                parameters.query().getOrDefault(field.name(), List.of("")).getFirst();
            default -> {
                JsonNode json = body.json();
                yield json == null
                        ? body.fields().getOrDefault(field.name(), "")
                        : json.path(field.name()).stringValue("");
            }
        };
    }

    private static EvmAddress identity(Access.OwnerField field, String text) {
        try {
            return text.startsWith("did:") ? LuxDid.parse(text).address() : EvmAddress.of(text);
        } catch (IllegalArgumentException malformed) {
            throw Problem.invalid(field.in(), "/" + field.name(), "names no identity: " + malformed.getMessage());
        }
    }
}
