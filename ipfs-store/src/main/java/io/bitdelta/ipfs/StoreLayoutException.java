package io.bitdelta.ipfs;

import java.nio.file.Path;

/** A store is opened with settings that lead to other blocks than its pins are for. Nothing was changed. */
public final class StoreLayoutException extends ContentException {
    private static final long serialVersionUID = 1L;

    StoreLayoutException(Path folder, String found, String wanted) {
        super("the store " + folder + " keeps its blocks in " + found + ", the settings say " + wanted
                + "; open it with its own settings, or move the content with 'store export' and 'store import'");
    }
}
