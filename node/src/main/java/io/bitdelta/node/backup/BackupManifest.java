package io.bitdelta.node.backup;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a backup says of itself.
 *
 * @param format always {@link #FORMAT}
 * @param createdAt RFC 3339, UTC
 * @param schema version of the database's schema
 * @param source {@code sqlite} or {@code postgresql}
 * @param sha256 0x-hex by entry name, of every entry but this one
 * @param keys names of the keystore files that were in the data folder; they are not in the backup
 */
public record BackupManifest(
        String format,
        String createdAt,
        String schema,
        String source,
        SortedMap<String, String> sha256,
        List<String> keys) {
    /** Of this layout. */
    public static final String FORMAT = "bitdelta/backup/1";

    /** Keeps copies. */
    public BackupManifest {
        sha256 = new TreeMap<>(sha256);
        keys = List.copyOf(keys);
    }
}
