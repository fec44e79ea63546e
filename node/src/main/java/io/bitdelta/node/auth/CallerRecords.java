package io.bitdelta.node.auth;

/** Finds the principal of a credential of either kind. */
public final class CallerRecords implements Authenticator {
    private final Sessions sessions;
    private final ApiKeys keys;

    /** Callers who log in, and callers who hold keys. */
    public CallerRecords(Sessions sessions, ApiKeys keys) {
        this.sessions = sessions;
        this.keys = keys;
    }

    @Override
    public Principal identify(Credential credential) {
        return switch (credential) {
            case Credential.Bearer bearer -> sessions.identify(bearer.token());
            case Credential.ApiKey key -> keys.identify(key.key());
        };
    }
}
