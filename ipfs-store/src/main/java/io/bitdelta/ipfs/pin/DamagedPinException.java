package io.bitdelta.ipfs.pin;

import io.bitdelta.ipfs.ContentException;
import java.nio.file.Path;

/** A pin's file is not what was written. Nothing is collected while one exists, because what it kept is unknown. */
public final class DamagedPinException extends ContentException {
    private static final long serialVersionUID = 1L;

    DamagedPinException(Path file, String finding) {
        super("damaged pin file " + file + ": " + finding + "; remove it and pin the content again");
    }
}
