package io.bitdelta.attestation.manifest;

/** A manifest or evidence bundle that breaks the format; the message names the member. */
public final class ManifestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message names the member and what it must be. */
    public ManifestException(String message) {
        super(message);
    }

    /** As above, with the cause. */
    public ManifestException(String message, Throwable cause) {
        super(message, cause);
    }
}
