package io.bitdelta.ipfs;

/** A secret is not where the configuration says. Names the place, never the secret. */
public final class SecretUnreadableException extends ContentException {
    private static final long serialVersionUID = 1L;

    SecretUnreadableException(Secret secret, String finding) {
        super("the secret " + secret + " " + finding);
    }
}
