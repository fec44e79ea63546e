package io.bitdelta.attestation.json;

import io.bitdelta.attestation.bytes.Bytes32;
import java.util.Base64;
import java.util.TreeMap;

/** Collects the members of one object; a key set twice is a programming error. */
public final class ObjectBuilder {
    private final TreeMap<String, JsonValue> members = new TreeMap<>();

    /** An empty object. */
    public ObjectBuilder() {}

    /** Adds any value. */
    public ObjectBuilder put(String key, JsonValue value) {
        if (members.put(key, value) != null) {
            throw new IllegalStateException("key set twice: " + key);
        }
        return this;
    }

    /** Adds a string. */
    public ObjectBuilder put(String key, String value) {
        return put(key, JsonValue.text(value));
    }

    /** Adds an integer. */
    public ObjectBuilder put(String key, long value) {
        return put(key, JsonValue.whole(value));
    }

    /** Adds a boolean. */
    public ObjectBuilder put(String key, boolean value) {
        return put(key, JsonValue.bool(value));
    }

    /** Adds a 0x-hex string. */
    public ObjectBuilder put(String key, Bytes32 value) {
        return put(key, value.hex());
    }

    /** Adds a base64 string. */
    public ObjectBuilder base64(String key, byte[] value) {
        return put(key, Base64.getEncoder().encodeToString(value));
    }

    /** The object. */
    public JsonValue build() {
        return new JsonValue.Members(members);
    }
}
