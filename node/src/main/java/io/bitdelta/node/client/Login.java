package io.bitdelta.node.client;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.auth.LoginMessage;
import io.bitdelta.node.publish.OwnerSigner;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Logs in to a node by signing its challenge (EIP-4361). The key never leaves this process. */
public final class Login {
    private final ApiClient node;
    private final Clock clock;

    /** @param node asked without a credential */
    public Login(ApiClient node, Clock clock) {
        this.node = node;
        this.clock = clock;
    }

    /**
     * A session.
     *
     * @param token for {@code Authorization: Bearer}
     * @param expiresAt RFC 3339
     */
    public record Opened(String token, String did, String expiresAt) {}

    /**
     * Opens a session for an account. What is signed names the node's address as it was asked, so that no other node can
     * use it.
     *
     * @throws NodeRefusedException when the node does not know itself under that address, or refuses the account
     */
    public Opened as(OwnerSigner account) {
        JsonNode challenge = node.get("/api/auth/challenge");
        URI address = node.address();
        LoginMessage message = LoginMessage.of(
                address.getRawAuthority(),
                URI.create("%s://%s/".formatted(address.getScheme(), address.getRawAuthority())),
                EvmAddress.of(account.address()),
                challenge.path("chainId").longValue(),
                challenge.path("nonce").stringValue(),
                "Sign in to this BitDelta node.",
                clock.instant());
        Bytes32 digest = Secp256k1Key.personalDigest(message.text().getBytes(StandardCharsets.UTF_8));
        JsonNode session = node.post(
                "/api/auth/session",
                Map.of(
                        "message",
                        message.text(),
                        "signature",
                        HexText.of(account.sign(digest).bytes())));
        return new Opened(
                session.path("token").stringValue(),
                session.path("did").stringValue(),
                session.path("expiresAt").stringValue());
    }
}
