package io.bitdelta.node.api.auth;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Operations;
import io.bitdelta.node.api.Problem;
import io.bitdelta.node.api.Reply;
import io.bitdelta.node.auth.AuthSettings;
import io.bitdelta.node.auth.GrantMessage;
import io.bitdelta.node.auth.GrantRefusedException;
import io.bitdelta.node.auth.Grants;
import io.bitdelta.node.auth.LoginRefusedException;
import io.bitdelta.node.auth.Nonces;
import io.bitdelta.node.auth.Principal;
import io.bitdelta.node.auth.Scope;
import io.bitdelta.node.auth.Session;
import io.bitdelta.node.auth.Sessions;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Logins by signature, who one is, and grants. */
public final class AuthApi implements ApiArea {
    private static final int GRANTS_SHOWN = 1000;

    private final Sessions sessions;
    private final Grants grants;

    /** Over these services. */
    public AuthApi(Sessions sessions, Grants grants) {
        this.sessions = sessions;
        this.grants = grants;
    }

    /**
     * What a login message must name.
     *
     * @param nonce good once, for {@code seconds}
     */
    record Challenge(String nonce, long seconds, long chainId, List<String> origins) {}

    /** A login. */
    record Login(String message, String signature) {}

    /** A session that was opened. */
    record Opened(String token, Instant expiresAt, String address, String did, List<String> scopes) {}

    /** Who one is. */
    record Me(String id, String kind, Optional<String> did, List<String> scopes) {}

    /** A grant as its owner signed it. */
    record Offer(
            String owner,
            String grantee,
            String scope,
            Optional<String> deltaId,
            long expiresAt,
            String nonce,
            String signature) {}

    /** A grant as it is kept. */
    record Kept(
            String id,
            String owner,
            String grantee,
            String scope,
            String deltaId,
            Instant expiresAt,
            Optional<Instant> revokedAt) {
        static Kept of(Grants.Grant grant) {
            return new Kept(
                    grant.id(),
                    grant.owner().hex(),
                    grant.grantee().hex(),
                    grant.scope().toString(),
                    grant.deltaId().hex(),
                    grant.expiresAt(),
                    grant.revokedAt());
        }
    }

    @Override
    public void bind(Operations operations) {
        operations.on("loginChallenge", call -> Reply.ok(challenge()).withHeader("Cache-Control", "no-store"));
        operations.on("login", this::login);
        operations.on("whoAmI", this::me);
        operations.on("addGrant", this::addGrant);
        operations.on("listGrants", this::listGrants);
        operations.on("revokeGrant", this::revokeGrant);
    }

    private Challenge challenge() {
        AuthSettings settings = sessions.settings();
        return new Challenge(
                sessions.nonce(),
                Nonces.LIFETIME.toSeconds(),
                settings.chainId(),
                settings.origins().stream().map(URI::toString).sorted().toList());
    }

    private Reply login(Call call) {
        Login login = call.body(Login.class);
        try {
            Session session = sessions.login(login.message(), HexText.parse(login.signature()));
            EvmAddress address = session.principal().address().orElseThrow();
            return Reply.json(
                            201,
                            new Opened(
                                    session.token(),
                                    session.expiresAt(),
                                    address.hex(),
                                    new LuxDid(sessions.settings().chainId(), address).toString(),
                                    words(session.principal())))
                    .withHeader("Cache-Control", "no-store");
        } catch (LoginRefusedException refused) {
            throw Problem.of(401, "login-refused", String.valueOf(refused.getMessage()))
                    .withHeader("WWW-Authenticate", "Bearer realm=\"bitdelta\"");
        }
    }

    private Reply me(Call call) {
        Principal principal = call.principal();
        return Reply.ok(new Me(
                principal.id(),
                principal.kind() == Principal.Kind.WALLET ? "wallet" : "key",
                principal
                        .address()
                        .map(address -> new LuxDid(sessions.settings().chainId(), address).toString()),
                words(principal)));
    }

    private Reply addGrant(Call call) {
        Offer offer = call.body(Offer.class);
        try {
            GrantMessage message = new GrantMessage(
                    EvmAddress.of(offer.owner()),
                    EvmAddress.of(offer.grantee()),
                    Scope.of(offer.scope()),
                    offer.deltaId().map(Bytes32::of).orElse(Bytes32.ZERO),
                    offer.expiresAt(),
                    Bytes32.of(offer.nonce()));
            return Reply.json(201, Kept.of(grants.add(message, HexText.parse(offer.signature()))));
        } catch (GrantRefusedException refused) {
            throw Problem.of(422, "grant-refused", String.valueOf(refused.getMessage()));
        } catch (IllegalArgumentException unusable) {
            throw Problem.invalid("body", "", String.valueOf(unusable.getMessage()));
        }
    }

    private Reply listGrants(Call call) {
        EvmAddress owner = LuxDid.parse(call.path("did")).address();
        return Reply.ok(Map.of(
                "grants", grants.of(owner, GRANTS_SHOWN).stream().map(Kept::of).toList()));
    }

    private Reply revokeGrant(Call call) {
        Grants.Grant grant = grants.find(call.path("id"))
                .filter(found ->
                        call.principal().is(found.owner()) || call.principal().operator())
                .orElseThrow(() -> Problem.notFound("you have given no such grant"));
        grants.revoke(grant.id());
        return Reply.nothing();
    }

    private static List<String> words(Principal principal) {
        return principal.scopes().stream().map(Scope::toString).sorted().toList();
    }
}
