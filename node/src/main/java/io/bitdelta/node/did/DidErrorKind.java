package io.bitdelta.node.did;

/** Why a DID could not be resolved (W3C DID Resolution, section 10), with the status of the HTTP binding. */
public enum DidErrorKind {
    /** Not the syntax of a DID. */
    INVALID_DID(400, "Invalid DID"),
    /** Options that contradict each other, or are malformed. */
    INVALID_OPTIONS(400, "Invalid resolution options"),
    /** No such DID or version here. */
    NOT_FOUND(404, "Not found"),
    /** A representation that is not produced. */
    REPRESENTATION_NOT_SUPPORTED(406, "Representation not supported"),
    /** A DID of another method. */
    METHOD_NOT_SUPPORTED(501, "Method not supported");

    private final int status;
    private final String title;

    DidErrorKind(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** Status of the HTTP binding. */
    public int status() {
        return status;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** The problem's type. */
    public String type() {
        return "https://www.w3.org/ns/did#" + name();
    }
}
