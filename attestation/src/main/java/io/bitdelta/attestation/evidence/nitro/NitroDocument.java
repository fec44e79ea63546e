package io.bitdelta.attestation.evidence.nitro;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A parsed attestation document. The signed bytes are the original ones, never written anew. */
final class NitroDocument {
    private static final int MAX_PCRS = 32;

    private final byte[] protectedHeader;
    private final byte[] payload;
    private final byte[] signature;
    private final Map<String, Cbor.Item> fields;
    private final int length;

    private NitroDocument(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Cbor.Item outer = Cbor.read(in);
        length = in.position();
        if (!(outer instanceof Cbor.Items array) || array.items().size() != 4) {
            throw new Cbor.CborException("not a COSE_Sign1 array of four");
        }
        protectedHeader = blob(array.items().get(0), "protected header");
        payload = blob(array.items().get(2), "payload");
        signature = blob(array.items().get(3), "signature");
        ByteBuffer header = ByteBuffer.wrap(protectedHeader);
        if (!(Cbor.read(header) instanceof Cbor.Pairs pairs)
                || header.hasRemaining()
                || pairs.pairs().size() != 1
                || !(pairs.pairs().get("1") instanceof Cbor.Whole algorithm)
                || algorithm.value() != -35) {
            throw new Cbor.CborException("the protected header is not {1: -35} (ES384)");
        }
        ByteBuffer content = ByteBuffer.wrap(payload);
        if (!(Cbor.read(content) instanceof Cbor.Pairs document) || content.hasRemaining()) {
            throw new Cbor.CborException("the payload is not one map");
        }
        fields = document.pairs();
        if (!text("digest").equals("SHA384")) {
            throw new Cbor.CborException("digest " + text("digest") + " is not SHA384");
        }
    }

    /** Parses; throws {@link Cbor.CborException}. */
    static NitroDocument parse(byte[] bytes) {
        return new NitroDocument(bytes);
    }

    /** Whether bytes begin like an untagged COSE_Sign1 with a protected header {@code {1: -35}}. */
    static boolean looksLike(byte[] bytes) {
        byte[] start = {(byte) 0x84, 0x44, (byte) 0xa1, 0x01, 0x38, 0x22};
        return bytes.length > start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    /** The {@code Sig_structure} of RFC 9052 over the original bytes. */
    byte[] signed() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 64);
        out.write(0x84);
        out.write(0x6a);
        out.writeBytes("Signature1".getBytes(StandardCharsets.US_ASCII));
        string(out, protectedHeader);
        string(out, new byte[0]);
        string(out, payload);
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, byte[] bytes) {
        if (bytes.length < 24) {
            out.write(0x40 | bytes.length);
        } else if (bytes.length < 1 << 8) {
            out.write(0x58);
            out.write(bytes.length);
        } else if (bytes.length < 1 << 16) {
            out.write(0x59);
            out.write(bytes.length >> 8);
            out.write(bytes.length);
        } else {
            out.write(0x5a);
            out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
        }
        out.writeBytes(bytes);
    }

    byte[] signature() {
        return signature.clone();
    }

    /** Length of the document without trailing bytes. */
    int length() {
        return length;
    }

    String moduleId() {
        return text("module_id");
    }

    Instant timestamp() {
        if (fields.get("timestamp") instanceof Cbor.Whole w && w.value() >= 0) {
            return Instant.ofEpochMilli(w.value());
        }
        throw new Cbor.CborException("timestamp is missing or no positive integer");
    }

    byte[] certificate() {
        return blob(fields.get("certificate"), "certificate");
    }

    /** The bundle, root first; empty when it is null. */
    List<byte[]> caBundle() {
        if (isNull(fields.get("cabundle"))) {
            return List.of();
        }
        if (!(fields.get("cabundle") instanceof Cbor.Items bundle)) {
            throw new Cbor.CborException("cabundle is no array");
        }
        List<byte[]> out = new ArrayList<>();
        for (Cbor.Item item : bundle.items()) {
            out.add(blob(item, "cabundle"));
        }
        return out;
    }

    /** 48 bytes by index. */
    SortedMap<Integer, byte[]> pcrs() {
        if (!(fields.get("pcrs") instanceof Cbor.Pairs pairs) || pairs.pairs().size() > MAX_PCRS) {
            throw new Cbor.CborException("pcrs is no map of at most " + MAX_PCRS);
        }
        TreeMap<Integer, byte[]> out = new TreeMap<>();
        pairs.pairs().forEach((key, value) -> {
            byte[] pcr = blob(value, "pcr");
            if (!key.matches("[0-9]|[12][0-9]|3[01]") || pcr.length != 48) {
                throw new Cbor.CborException("pcr " + key + " of " + pcr.length + " bytes");
            }
            out.put(Integer.valueOf(key), pcr);
        });
        if (!out.containsKey(0)) {
            throw new Cbor.CborException("there is no PCR0");
        }
        return out;
    }

    /** {@code user_data}, {@code nonce} or {@code public_key}. */
    Optional<byte[]> optional(String name) {
        Cbor.Item item = fields.get(name);
        return item == null || isNull(item) ? Optional.empty() : Optional.of(blob(item, name));
    }

    private String text(String name) {
        if (fields.get(name) instanceof Cbor.Text t) {
            return t.value();
        }
        throw new Cbor.CborException(name + " is missing or no text");
    }

    private static boolean isNull(Cbor.@Nullable Item item) {
        return item instanceof Cbor.Simple simple && simple.isNull();
    }

    private static byte[] blob(Cbor.@Nullable Item item, String name) {
        if (item instanceof Cbor.Blob b) {
            return b.value();
        }
        throw new Cbor.CborException(name + " is missing or no byte string");
    }
}
