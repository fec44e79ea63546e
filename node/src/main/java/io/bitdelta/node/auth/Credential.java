package io.bitdelta.node.auth;

/** What a caller shows; its text is a secret and never logged. */
public sealed interface Credential {
    /** A session token, from {@code Authorization: Bearer}. */
    record Bearer(String token) implements Credential {
        @Override
        public String toString() {
            return "Bearer";
        }
    }

    /** An API key, from {@code X-API-Key}. */
    record ApiKey(String key) implements Credential {
        @Override
        public String toString() {
            return "ApiKey";
        }
    }
}
