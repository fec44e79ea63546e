package io.bitdelta.contracts.artifact;

/** A contract's artifact is missing from the class path or is not what the build writes. */
public final class ArtifactException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ArtifactException(String message) {
        super(message);
    }

    ArtifactException(String message, Throwable cause) {
        super(message, cause);
    }
}
