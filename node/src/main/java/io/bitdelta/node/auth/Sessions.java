package io.bitdelta.node.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.sign.Secp256k1Key;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Logins by signature (EIP-4361) and the tokens that they give: JWT, HS256, audience and issuer this node. */
public final class Sessions {
    private static final String ISSUER = "bitdelta-node";
    private static final JOSEObjectType TYPE = new JOSEObjectType("bitdelta-session+jwt");

    /** Clocks of wallets go wrong by this much. */
    private static final Duration SKEW = Duration.ofMinutes(2);

    private final AuthSettings settings;
    private final Nonces nonces;
    private final AccountSignatures signatures;
    private final MACSigner signer;
    private final MACVerifier verifier;
    private final Clock clock;

    /** @param key 32 secret bytes of this node, or of all nodes behind one address */
    public Sessions(AuthSettings settings, Nonces nonces, AccountSignatures signatures, byte[] key, Clock clock) {
        this.settings = settings;
        this.nonces = nonces;
        this.signatures = signatures;
        this.clock = clock;
        try {
            this.signer = new MACSigner(key);
            this.verifier = new MACVerifier(key);
        } catch (JOSEException shortKey) {
            throw new IllegalArgumentException("a session key has 32 bytes", shortKey);
        }
    }

    /** What a login at this node must name. */
    public AuthSettings settings() {
        return settings;
    }

    /** A nonce for one login. */
    public String nonce() {
        return nonces.issue();
    }

    /**
     * Logs somebody in.
     *
     * @param text the message as it was signed
     * @param signature of the account that it names
     * @throws LoginRefusedException naming what is wrong
     */
    public Session login(String text, byte[] signature) {
        LoginMessage message = LoginMessage.parse(text);
        URI origin = settings.origins().stream()
                .filter(each -> authority(each).equalsIgnoreCase(message.domain()))
                .findFirst()
                .orElseThrow(() -> new LoginRefusedException(
                        "the message is for %s, this node is %s".formatted(message.domain(), names())));
        if (message.scheme()
                        .filter(scheme -> !scheme.equals(origin.getScheme()))
                        .isPresent()
                || !origin.getScheme().equals(message.uri().getScheme())
                || !authority(origin)
                        .equalsIgnoreCase(String.valueOf(message.uri().getRawAuthority()))) {
            throw new LoginRefusedException("the message's URI is %s, not one of %s".formatted(message.uri(), origin));
        }
        if (message.chainId() != settings.chainId()) {
            throw new LoginRefusedException("the message is for chain %d, this node follows chain %d"
                    .formatted(message.chainId(), settings.chainId()));
        }
        Instant now = clock.instant();
        if (message.issuedAt().isAfter(now.plus(SKEW))
                || message.issuedAt().isBefore(now.minus(Nonces.LIFETIME).minus(SKEW))) {
            throw new LoginRefusedException(
                    "the message was issued at %s, it is %s".formatted(message.issuedAt(), now));
        }
        if (message.expirationTime().filter(end -> !now.isBefore(end)).isPresent()) {
            throw new LoginRefusedException("the message has expired, at %s"
                    .formatted(message.expirationTime().orElseThrow()));
        }
        if (message.notBefore().filter(now::isBefore).isPresent()) {
            throw new LoginRefusedException("the message is not good before %s"
                    .formatted(message.notBefore().orElseThrow()));
        }
        Bytes32 digest = Secp256k1Key.personalDigest(text.getBytes(StandardCharsets.UTF_8));
        if (!signatures.valid(message.address(), digest, signature)) {
            throw new LoginRefusedException("the signature is not that of %s".formatted(message.address()));
        }
        // Last: only a good signature may use a nonce up, and cost a row.
        nonces.spend(message.nonce());
        return issue(principal(message.address()), now);
    }

    private Session issue(Principal principal, Instant now) {
        Instant expiry = now.plus(settings.session());
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).type(TYPE).build(),
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .audience(audience())
                        .subject(principal.address().orElseThrow().hex())
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(expiry))
                        .build());
        try {
            token.sign(signer);
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
        return new Session(token.serialize(), Instant.ofEpochSecond(expiry.getEpochSecond()), principal);
    }

    /**
     * Who holds a token. Scopes are those of today's configuration: what was taken away is gone at once.
     *
     * @throws CredentialRefusedException when it is forged, foreign or expired
     */
    public Principal identify(String token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            if (!JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm())
                    || !TYPE.equals(jwt.getHeader().getType())
                    || !jwt.verify(verifier)
                    || !ISSUER.equals(claims.getIssuer())
                    || !claims.getAudience().equals(List.of(audience()))
                    || claims.getSubject() == null
                    || claims.getExpirationTime() == null) {
                throw refused();
            }
            if (!clock.instant().isBefore(claims.getExpirationTime().toInstant())) {
                throw new CredentialRefusedException("the session has expired: log in again");
            }
            return principal(EvmAddress.of(claims.getSubject()));
        } catch (ParseException | JOSEException | IllegalArgumentException malformed) {
            throw refused();
        }
    }

    private static CredentialRefusedException refused() {
        return new CredentialRefusedException("this is no session token of this node: log in");
    }

    /** Nodes of one chain that share a key are one service; those of another chain are not. */
    private String audience() {
        return "chain:" + settings.chainId();
    }

    private Principal principal(EvmAddress address) {
        Set<Scope> scopes = EnumSet.of(Scope.PUBLISH, Scope.ROYALTY, Scope.SOUP, Scope.SERVE);
        if (settings.sponsored().contains(address)) {
            scopes.add(Scope.SPONSOR);
        }
        if (settings.operators().contains(address)) {
            scopes = EnumSet.allOf(Scope.class);
        }
        return new Principal(Principal.Kind.WALLET, "wallet:" + address.hex(), Optional.of(address), scopes);
    }

    private String names() {
        return String.join(
                ", ",
                settings.origins().stream().map(Sessions::authority).sorted().toList());
    }

    private static String authority(URI origin) {
        return String.valueOf(origin.getRawAuthority());
    }
}
