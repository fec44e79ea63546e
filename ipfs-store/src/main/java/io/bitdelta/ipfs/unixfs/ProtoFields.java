package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.cid.MalformedVarintException;
import io.bitdelta.ipfs.cid.Varint;
import java.nio.ByteBuffer;

/** The fields of one protocol buffers message, in the order they stand. */
final class ProtoFields {
    static final int VARINT = 0;
    static final int BYTES = 2;

    private final ByteBuffer source;
    private int field;
    private int wireType;

    ProtoFields(ByteBuffer source) {
        this.source = source;
    }

    /** Moves to the next field; false at the end. */
    boolean next() throws MalformedFieldException {
        if (!source.hasRemaining()) {
            return false;
        }
        long key = varint();
        field = (int) Math.min(key >>> 3, Integer.MAX_VALUE);
        wireType = (int) (key & 7);
        return true;
    }

    int field() {
        return field;
    }

    int wireType() {
        return wireType;
    }

    long number() throws MalformedFieldException {
        expect(VARINT);
        return varint();
    }

    /** The field's bytes as a view, not a copy. */
    ByteBuffer bytes() throws MalformedFieldException {
        expect(BYTES);
        long length = varint();
        if (length > source.remaining()) {
            throw new MalformedFieldException(
                    "field " + field + " has " + length + " bytes, but only " + source.remaining() + " are left");
        }
        ByteBuffer view = source.slice(source.position(), (int) length);
        source.position(source.position() + (int) length);
        return view;
    }

    /** Passes over a field of a kind the reader does not know. */
    void skip() throws MalformedFieldException {
        switch (wireType) {
            case VARINT -> varint();
            case BYTES -> bytes();
            case 1 -> pass(8);
            case 5 -> pass(4);
            default -> throw new MalformedFieldException("field " + field + " has wire type " + wireType);
        }
    }

    private void pass(int bytes) throws MalformedFieldException {
        if (bytes > source.remaining()) {
            throw new MalformedFieldException("field " + field + " is cut short");
        }
        source.position(source.position() + bytes);
    }

    private void expect(int type) throws MalformedFieldException {
        if (wireType != type) {
            throw new MalformedFieldException("field " + field + " has wire type " + wireType + " instead of " + type);
        }
    }

    private long varint() throws MalformedFieldException {
        try {
            return Varint.read(source);
        } catch (MalformedVarintException e) {
            throw new MalformedFieldException(String.valueOf(e.getMessage()));
        }
    }
}
