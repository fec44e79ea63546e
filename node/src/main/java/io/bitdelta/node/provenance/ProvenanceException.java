package io.bitdelta.node.provenance;

/** A training record, privacy claim or evaluation that breaks its format or does not hold; the message says where. */
public final class ProvenanceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message names the member and what it must be. */
    public ProvenanceException(String message) {
        super(message);
    }

    /** As above, with the cause. */
    public ProvenanceException(String message, Throwable cause) {
        super(message, cause);
    }
}
