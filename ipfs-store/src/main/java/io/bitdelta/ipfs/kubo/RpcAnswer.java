package io.bitdelta.ipfs.kubo;

import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.InvalidCidException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a daemon said to a call: one JSON object, or one per line. Whatever it says, a method here gives a value or a
 * {@link KuboException} that names the call.
 *
 * @param call e.g. {@code pin/ls at http://127.0.0.1:5001}
 * @param text the whole answer
 */
record RpcAnswer(String call, String text) {
    /** A field of an answer that is one object. */
    String word(String key) throws KuboException {
        String value = word(json(text), key);
        if (value == null) {
            throw malformed("has no '" + key + "'");
        }
        return value;
    }

    /** A whole number that is not negative; some daemons write it as text. */
    long number(String key) throws KuboException {
        long value;
        try {
            value = Long.parseLong(String.valueOf(json(text).getValue(key)));
        } catch (NumberFormatException e) {
            throw malformed("has no number '" + key + "'");
        }
        if (value < 0) {
            throw malformed("says '" + key + "' is " + value);
        }
        return value;
    }

    /** An identifier. */
    Cid cid(String key) throws KuboException {
        return parsed(word(json(text), key));
    }

    /** Throws unless an import was confirmed for exactly this root, pinned. */
    void confirmImport(Cid root) throws KuboException {
        boolean confirmed = false;
        for (String line : lines()) {
            JsonObject imported = child(json(line), "Root");
            if (imported != null) {
                JsonObject name = child(imported, "Cid");
                Cid cid = parsed(name == null ? null : word(name, "/"));
                String error = Objects.requireNonNullElse(word(imported, "PinErrorMsg"), "");
                if (!error.isEmpty() || !cid.toV1().equals(root.toV1())) {
                    throw new KuboException(call + " of " + root + " gave " + cid + " " + error, 200);
                }
                confirmed = true;
            }
        }
        if (!confirmed) {
            throw new KuboException(call + " did not confirm " + root, 200);
        }
    }

    /** The keys of a list of pins, which comes as one object or as a stream of them; version 1. */
    List<Cid> pins() throws KuboException {
        List<Cid> pins = new ArrayList<>();
        for (String line : lines()) {
            JsonObject object = json(line);
            JsonObject keys = child(object, "Keys");
            if (keys != null) {
                for (String key : keys.fieldNames()) {
                    pins.add(parsed(key).toV1());
                }
            } else if (word(object, "Cid") != null) {
                pins.add(parsed(word(object, "Cid")).toV1());
            }
        }
        return pins;
    }

    /** The identifiers of a list of references, version 1. */
    List<Cid> references() throws KuboException {
        List<Cid> blocks = new ArrayList<>();
        for (String line : lines()) {
            blocks.add(parsed(word(json(line), "Ref")).toV1());
        }
        return blocks;
    }

    /** Whether no line tells of an error. */
    boolean withoutErrors() throws KuboException {
        boolean clean = true;
        for (String line : lines()) {
            clean &= Objects.requireNonNullElse(word(json(line), "Error"), "").isEmpty();
        }
        return clean;
    }

    /** Lines with something on them. */
    List<String> lines() {
        return text.lines().filter(line -> !line.isBlank()).toList();
    }

    private JsonObject json(String line) throws KuboException {
        try {
            return new JsonObject(line);
        } catch (DecodeException e) {
            throw malformed("is not a JSON object");
        }
    }

    private Cid parsed(@Nullable String name) throws KuboException {
        try {
            return Cid.parse(String.valueOf(name));
        } catch (InvalidCidException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    /** A field that is an object; null where it is anything else. */
    private static @Nullable JsonObject child(JsonObject object, String key) {
        return object.getValue(key) instanceof JsonObject child ? child : null;
    }

    /** A field that is text; null where it is anything else. */
    private static @Nullable String word(JsonObject object, String key) {
        return object.getValue(key) instanceof String text ? text : null;
    }

    private KuboException malformed(String finding) {
        return new KuboException("the answer to " + call + " " + finding, 200);
    }
}
