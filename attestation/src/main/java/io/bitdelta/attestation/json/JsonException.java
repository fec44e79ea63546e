package io.bitdelta.attestation.json;

/** JSON that is malformed, not canonical, over a limit, or lacks what a reader needs. */
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message says what and where. */
    public JsonException(String message) {
        super(message);
    }

    /** As above, with the parser's complaint. */
    public JsonException(String message, Throwable cause) {
        super(message, cause);
    }
}
