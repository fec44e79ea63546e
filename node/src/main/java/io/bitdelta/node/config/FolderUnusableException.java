package io.bitdelta.node.config;

/** The data folder cannot be used; the message says why and what to do. */
public final class FolderUnusableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FolderUnusableException(String message) {
        super(message);
    }
}
