package io.bitdelta.node.backup;

/** A backup cannot be made or restored: the file is damaged, newer than this program, or there is something in its place. */
public final class BackupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BackupException(String message) {
        super(message);
    }

    BackupException(String message, Throwable cause) {
        super(message, cause);
    }
}
