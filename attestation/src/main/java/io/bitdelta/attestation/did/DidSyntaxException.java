package io.bitdelta.attestation.did;

/** A text that is not a DID of this method. */
public final class DidSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** The message shows the text and the syntax. */
    public DidSyntaxException(String message) {
        super(message);
    }
}
