package io.bitdelta.node.auth;

import java.time.Instant;

/**
 * A login that succeeded.
 *
 * @param token for {@code Authorization: Bearer}; a secret
 * @param expiresAt when it stops being good
 * @param principal who logged in
 */
public record Session(String token, Instant expiresAt, Principal principal) {
    @Override
    public String toString() {
        return "Session of " + principal.id() + " until " + expiresAt;
    }
}
