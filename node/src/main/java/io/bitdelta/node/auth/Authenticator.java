package io.bitdelta.node.auth;

/** Finds out who calls. Blocking; called on a virtual thread. */
@FunctionalInterface
public interface Authenticator {
    /**
     * Who holds these credentials.
     *
     * @throws CredentialRefusedException when they are malformed, unknown, expired or revoked
     */
    Principal identify(Credential credential);
}
