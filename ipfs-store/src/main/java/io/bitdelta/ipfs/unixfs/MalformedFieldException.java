package io.bitdelta.ipfs.unixfs;

/** What is wrong inside a message; {@link MalformedNodeException} adds which block it is. */
final class MalformedFieldException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedFieldException(String finding) {
        super(finding);
    }
}
