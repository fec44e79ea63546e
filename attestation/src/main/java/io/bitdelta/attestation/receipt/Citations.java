package io.bitdelta.attestation.receipt;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The works that a computation rests on (LP-105, FORMATS section 6): a canonical JSON array beside the receipt, which holds
 * its hash.
 *
 * @param works identifiers in the order of their weight (CIDs, DIDs, delta ids), each of 1 to 256 visible ASCII characters
 *     and none twice; at most 1024
 */
public record Citations(List<String> works) {
    /** The most works. */
    public static final int MAX_WORKS = 1024;

    private static final int MAX_BYTES = 512 << 10;
    private static final Pattern WORK = Pattern.compile("[\\x21-\\x7e]{1,256}");

    /** Copies; refuses other spellings and repetitions. */
    public Citations {
        works = List.copyOf(works);
        if (works.size() > MAX_WORKS || new HashSet<>(works).size() != works.size()) {
            throw new IllegalArgumentException("citations: more than " + MAX_WORKS + " works, or one of them twice");
        }
        for (String work : works) {
            if (!WORK.matcher(work).matches()) {
                throw new IllegalArgumentException("citations: not an identifier of 1 to 256 visible ASCII characters");
            }
        }
    }

    /** The canonical bytes. */
    public byte[] bytes() {
        return CanonicalJson.write(JsonValue.texts(works));
    }

    /** What a receipt's {@code citationsHash} holds. */
    public Bytes32 hash() {
        return ComputeReceipt.documentHash(JsonValue.texts(works));
    }

    /**
     * Reads {@link #bytes}.
     *
     * @throws JsonException for anything else than the canonical form of valid citations
     */
    public static Citations parse(byte[] bytes) {
        if (!(CanonicalJson.read(bytes, MAX_BYTES) instanceof JsonValue.Items items)) {
            throw new JsonException("citations: an array is needed");
        }
        List<String> works = new ArrayList<>();
        for (JsonValue item : items.items()) {
            if (!(item instanceof JsonValue.Text text)) {
                throw new JsonException("citations: an array of texts is needed");
            }
            works.add(text.value());
        }
        try {
            return new Citations(works);
        } catch (IllegalArgumentException e) {
            throw new JsonException(String.valueOf(e.getMessage()), e);
        }
    }
}
