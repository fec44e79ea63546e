package io.bitdelta.ipfs.dagcbor;

import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.InvalidCidException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A recursive-descent reader whose recursion is bounded by {@link #MAX_DEPTH}. */
final class CborParser {
    static final int MAX_DEPTH = 128;
    private static final int LINK_TAG = 42;

    private final ByteBuffer source;

    CborParser(byte[] data) {
        this.source = ByteBuffer.wrap(data);
    }

    CborNode document() throws MalformedCborException {
        CborNode node = node(0);
        if (source.hasRemaining()) {
            throw new MalformedCborException(source.remaining() + " bytes behind the document");
        }
        return node;
    }

    private CborNode node(int depth) throws MalformedCborException {
        if (depth > MAX_DEPTH) {
            throw new MalformedCborException("nested deeper than " + MAX_DEPTH);
        }
        int head = next();
        int major = head >>> 5;
        if (major == 7) {
            return simple(head & 31);
        }
        long argument = argument(head & 31);
        return switch (major) {
            case 0 -> argument < 0 ? CborNode.Other.SCALAR : new CborNode.Int(argument);
            case 1 -> CborNode.Other.SCALAR;
            case 2, 3 -> {
                take(argument);
                yield CborNode.Other.SCALAR;
            }
            case 4 -> items(argument, depth);
            case 5 -> fields(argument, depth);
            default -> link(argument);
        };
    }

    private CborNode simple(int info) throws MalformedCborException {
        if (info == 27) {
            take(8);
        } else if (info < 20 || info > 22) {
            throw new MalformedCborException("simple value or float of kind " + info);
        }
        return CborNode.Other.SCALAR;
    }

    private CborNode items(long count, int depth) throws MalformedCborException {
        checkCount(count);
        List<CborNode> values = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            values.add(node(depth + 1));
        }
        return new CborNode.Items(values);
    }

    private CborNode fields(long count, int depth) throws MalformedCborException {
        checkCount(count);
        Map<String, CborNode> values = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            String key = key();
            if (values.put(key, node(depth + 1)) != null) {
                throw new MalformedCborException("key '" + key + "' twice");
            }
        }
        return new CborNode.Fields(values);
    }

    private String key() throws MalformedCborException {
        int head = next();
        if (head >>> 5 != 3) {
            throw new MalformedCborException("a map's key is not text");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(take(argument(head & 31)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedCborException("a map's key is not UTF-8");
        }
    }

    private CborNode link(long tag) throws MalformedCborException {
        int head = tag == LINK_TAG ? next() : 0;
        if (head >>> 5 != 2) {
            throw new MalformedCborException("tag " + tag + " where only links (tag " + LINK_TAG + ") are allowed");
        }
        ByteBuffer view = take(argument(head & 31));
        if (!view.hasRemaining() || view.get() != 0) {
            throw new MalformedCborException("a link without its zero prefix");
        }
        byte[] bytes = new byte[view.remaining()];
        view.get(bytes);
        try {
            return new CborNode.Link(Cid.ofBytes(bytes));
        } catch (InvalidCidException e) {
            throw new MalformedCborException("a link with a bad CID: " + e.getMessage());
        }
    }

    /** Every element takes a byte at least, so a count beyond the rest is a lie. */
    private void checkCount(long count) throws MalformedCborException {
        if (count < 0 || count > source.remaining()) {
            throw new MalformedCborException(
                    Long.toUnsignedString(count) + " elements in " + source.remaining() + " bytes");
        }
    }

    private long argument(int info) throws MalformedCborException {
        if (info < 24) {
            return info;
        }
        if (info > 27) {
            throw new MalformedCborException("indefinite or reserved length");
        }
        int bytes = 1 << (info - 24);
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | next();
        }
        long smallest = bytes == 1 ? 24 : 1L << (4 * bytes);
        if (value >= 0 && value < smallest) {
            throw new MalformedCborException(value + " written in " + bytes + " bytes");
        }
        return value;
    }

    private int next() throws MalformedCborException {
        if (!source.hasRemaining()) {
            throw new MalformedCborException("the bytes end inside the document");
        }
        return source.get() & 0xff;
    }

    private ByteBuffer take(long length) throws MalformedCborException {
        if (length < 0 || length > source.remaining()) {
            throw new MalformedCborException(
                    Long.toUnsignedString(length) + " bytes wanted, " + source.remaining() + " left");
        }
        ByteBuffer view = source.slice(source.position(), (int) length);
        source.position(source.position() + (int) length);
        return view;
    }
}
