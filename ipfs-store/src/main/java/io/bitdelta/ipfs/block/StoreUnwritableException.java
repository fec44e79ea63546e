package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.ContentException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** The store's folder cannot be created or written: permissions, a read-only disk, a file in its place. */
public final class StoreUnwritableException extends ContentException {
    private static final long serialVersionUID = 1L;

    private StoreUnwritableException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Names the folder and the operating system's reason. */
    public static StoreUnwritableException of(Path folder, FileSystemException e) {
        String reason = e instanceof AccessDeniedException
                ? "permission denied"
                : e instanceof FileAlreadyExistsException
                        ? "is there and is not a folder"
                        : String.valueOf(e.getReason());
        return new StoreUnwritableException(
                "cannot write the content store " + folder + ": " + e.getFile() + ": " + reason, e);
    }
}
