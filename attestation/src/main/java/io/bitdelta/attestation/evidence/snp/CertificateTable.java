package io.bitdelta.attestation.evidence.snp;

import io.bitdelta.attestation.bytes.ByteReader;
import io.bitdelta.attestation.bytes.TruncatedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The certificates that a host hands out beside a report, the kernel's {@code auxblob}: entries of 24 bytes (GUID, offset and
 * length, little-endian) up to one whose GUID is zero, then the documents (GHCB specification 2.03, section 4.1.8.1). What
 * a document is, its bytes say: GUIDs are not looked at.
 */
public final class CertificateTable {
    private static final int GUID_LENGTH = 16;
    private static final int MOST_ENTRIES = 16;

    private CertificateTable() {}

    /**
     * The documents of a table.
     *
     * @param table may be empty, and may be padded
     * @throws IllegalArgumentException when an entry points outside the table, or there are too many
     */
    public static List<byte[]> documents(byte[] table) {
        List<byte[]> documents = new ArrayList<>();
        if (table.length == 0) {
            return documents;
        }
        try {
            ByteReader entries = new ByteReader(table);
            while (!isZero(entries.take(GUID_LENGTH))) {
                long offset = entries.u32();
                long length = entries.u32();
                if (offset + length > table.length) {
                    throw new IllegalArgumentException(
                            "entry " + documents.size() + " of the certificate table ends at " + (offset + length)
                                    + ", the table at " + table.length);
                }
                if (documents.size() == MOST_ENTRIES) {
                    throw new IllegalArgumentException(
                            "the certificate table has more than " + MOST_ENTRIES + " entries");
                }
                documents.add(Arrays.copyOfRange(table, (int) offset, (int) (offset + length)));
            }
        } catch (TruncatedException e) {
            throw new IllegalArgumentException("the certificate table has no end: " + e.getMessage(), e);
        }
        return documents;
    }

    private static boolean isZero(byte[] guid) {
        for (byte b : guid) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
