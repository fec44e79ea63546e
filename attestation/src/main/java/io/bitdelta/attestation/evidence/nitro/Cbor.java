package io.bitdelta.attestation.evidence.nitro;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the CBOR of attestation documents: definite lengths only, no floats, no tags, at most a few levels deep. Every
 * length is checked against the bytes that are left before anything is allocated.
 */
final class Cbor {
    private static final int MAX_DEPTH = 8;

    private Cbor() {}

    /** What is not CBOR of this kind. */
    static final class CborException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CborException(String message) {
            super(message);
        }

        CborException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A data item. */
    sealed interface Item permits Whole, Blob, Text, Items, Pairs, Simple {}

    /** An integer. */
    record Whole(long value) implements Item {}

    /** A byte string. */
    static final class Blob implements Item {
        private final byte[] value;

        Blob(byte[] value) {
            this.value = value.clone();
        }

        byte[] value() {
            return value.clone();
        }
    }

    /** A text string. */
    record Text(String value) implements Item {}

    /** An array. */
    record Items(List<Item> items) implements Item {}

    /** A map whose keys are integers or texts, printed as texts; no key comes twice. */
    record Pairs(Map<String, Item> pairs) implements Item {}

    /** False (20), true (21) or null (22). */
    record Simple(int value) implements Item {
        boolean isNull() {
            return value == 22;
        }
    }

    /** Reads one item; the bytes after it are left in the buffer. */
    static Item read(ByteBuffer in) {
        try {
            return item(in, 0);
        } catch (BufferUnderflowException e) {
            throw new CborException("CBOR ends in the middle of an item", e);
        }
    }

    private static Item item(ByteBuffer in, int depth) {
        if (depth > MAX_DEPTH) {
            throw new CborException("CBOR nested deeper than " + MAX_DEPTH);
        }
        int at = in.position();
        int first = in.get() & 0xff;
        int major = first >> 5;
        int info = first & 31;
        if (major == 7) {
            if (info < 20 || info > 22) {
                throw new CborException("CBOR simple value or float " + info + " at byte " + at);
            }
            return new Simple(info);
        }
        long argument = argument(in, info, at);
        return switch (major) {
            case 0 -> new Whole(argument);
            case 1 -> new Whole(-1 - argument);
            case 2 -> new Blob(bytes(in, argument, at));
            case 3 -> new Text(text(bytes(in, argument, at), at));
            case 4 -> array(in, argument, at, depth);
            case 5 -> map(in, argument, at, depth);
            default -> throw new CborException("CBOR tag at byte " + at);
        };
    }

    private static long argument(ByteBuffer in, int info, int at) {
        long value =
                switch (info) {
                    case 24 -> in.get() & 0xffL;
                    case 25 -> in.getShort() & 0xffffL;
                    case 26 -> in.getInt() & 0xffffffffL;
                    case 27 -> in.getLong();
                    default -> info;
                };
        if (info > 27 || value < 0) {
            throw new CborException("CBOR length or integer at byte " + at + " is indefinite or too large");
        }
        return value;
    }

    private static byte[] bytes(ByteBuffer in, long length, int at) {
        if (length > in.remaining()) {
            throw new CborException(
                    "CBOR string at byte " + at + " has " + length + " bytes, " + in.remaining() + " are left");
        }
        byte[] out = new byte[(int) length];
        in.get(out);
        return out;
    }

    private static String text(byte[] utf8, int at) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CborException("CBOR text at byte " + at + " is not UTF-8", e);
        }
    }

    private static Items array(ByteBuffer in, long count, int at, int depth) {
        requireRoom(in, count, at);
        List<Item> items = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            items.add(item(in, depth + 1));
        }
        return new Items(List.copyOf(items));
    }

    private static Pairs map(ByteBuffer in, long count, int at, int depth) {
        requireRoom(in, count, at);
        Map<String, Item> pairs = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            String key =
                    switch (item(in, depth + 1)) {
                        case Text t -> t.value();
                        case Whole w -> Long.toString(w.value());
                        default -> throw new CborException("CBOR map at byte " + at + " has a key of another kind");
                    };
            if (pairs.put(key, item(in, depth + 1)) != null) {
                throw new CborException("CBOR map at byte " + at + " has the key " + key + " twice");
            }
        }
        return new Pairs(pairs);
    }

    private static void requireRoom(ByteBuffer in, long count, int at) {
        if (count > in.remaining()) {
            throw new CborException("CBOR collection at byte " + at + " claims " + count + " items");
        }
    }
}
