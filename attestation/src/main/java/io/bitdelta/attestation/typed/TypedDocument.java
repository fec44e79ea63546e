package io.bitdelta.attestation.typed;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Typed data in the JSON of {@code eth_signTypedData_v4} (EIP-712): {@code types}, {@code primaryType}, {@code domain},
 * {@code message}. Read strictly: every member has a declared type and every declared field a value, so that nobody signs
 * something else than what the text shows. Immutable.
 */
public final class TypedDocument {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 16;
    private static final int MAX_TYPES = 256;
    private static final int MAX_TYPE_LENGTH = 256;
    private static final String DOMAIN = "EIP712Domain";
    private static final Set<String> MEMBERS = Set.of("types", "primaryType", "domain", "message");
    private static final Map<String, String> DOMAIN_FIELDS = Map.of(
            "name", "string",
            "version", "string",
            "chainId", "uint256",
            "verifyingContract", "address",
            "salt", "bytes32");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]{0,127}");
    private static final Pattern ARRAY = Pattern.compile("(.+)\\[([0-9]{0,5})]");
    private static final Pattern INTEGER = Pattern.compile("(u?)int([0-9]{1,3})");
    private static final Pattern FIXED_BYTES = Pattern.compile("bytes([0-9]{1,2})");

    private final Map<String, List<Field>> types;
    private final String primaryType;
    private final Bytes32 domainSeparator;
    private final Bytes32 structHash;

    /**
     * A field of a type.
     *
     * @param name its name
     * @param type its type, e.g. {@code uint256}, {@code Person[]}
     */
    private record Field(String name, String type) {}

    private TypedDocument(JsonObject root) {
        types = types(root.object("types"));
        primaryType = root.text("primaryType");
        if (primaryType.equals(DOMAIN) || !types.containsKey(primaryType)) {
            throw new JsonException(root.at("primaryType") + ": \"" + primaryType + "\" is no declared message type");
        }
        for (Field field : fields(DOMAIN)) {
            if (!field.type().equals(DOMAIN_FIELDS.get(field.name()))) {
                throw new JsonException(root.at("types") + "." + DOMAIN + ": \"" + field.type() + " " + field.name()
                        + "\" is no field of a domain");
            }
        }
        domainSeparator = struct(DOMAIN, root.object("domain"), 0);
        structHash = struct(primaryType, root.object("message"), 0);
    }

    /**
     * Parses.
     *
     * @throws JsonException when malformed, with members that no type declares, or with values outside their types
     */
    public static TypedDocument parse(byte[] json) {
        JsonObject root = JsonObject.of("typed data", CanonicalJson.readAny(json, MAX_BYTES));
        if (!root.keys().equals(MEMBERS)) {
            throw new JsonException("typed data: members " + root.keys() + ", not types, primaryType, domain, message");
        }
        return new TypedDocument(root);
    }

    private static Map<String, List<Field>> types(JsonObject declared) {
        Map<String, List<Field>> out = new LinkedHashMap<>();
        for (String name : declared.keys()) {
            if (!NAME.matcher(name).matches() || atomic(name) || out.size() == MAX_TYPES) {
                throw new JsonException(
                        declared.at(name) + ": not a name of a type, or more than " + MAX_TYPES + " types");
            }
            Set<String> names = new HashSet<>();
            List<Field> fields = declared.objects(name).stream()
                    .map(field -> new Field(field.text("name"), field.text("type")))
                    .toList();
            for (Field field : fields) {
                if (!NAME.matcher(field.name()).matches() || !names.add(field.name())) {
                    throw new JsonException(
                            declared.at(name) + ": \"" + field.name() + "\" is no name of a field, or comes twice");
                }
                if (field.type().length() > MAX_TYPE_LENGTH) {
                    throw new JsonException(declared.at(name) + "." + field.name() + ": the type's name is too long");
                }
            }
            out.put(name, fields);
        }
        if (!out.containsKey(DOMAIN)) {
            throw new JsonException(declared.at(DOMAIN) + ": missing");
        }
        for (List<Field> fields : out.values()) {
            for (Field field : fields) {
                String base = base(field.type());
                if (!atomic(base) && !out.containsKey(base)) {
                    throw new JsonException("typed data: unknown type \"" + field.type() + "\"");
                }
            }
        }
        return out;
    }

    private static String base(String type) {
        Matcher array = ARRAY.matcher(type);
        return array.matches() ? base(array.group(1)) : type;
    }

    private static boolean atomic(String type) {
        Matcher integer = INTEGER.matcher(type);
        if (integer.matches()) {
            int bits = Integer.parseInt(integer.group(2));
            return bits > 0 && bits <= 256 && bits % 8 == 0;
        }
        Matcher bytes = FIXED_BYTES.matcher(type);
        if (bytes.matches()) {
            int length = Integer.parseInt(bytes.group(1));
            return length > 0 && length <= 32;
        }
        return Set.of("address", "bool", "bytes", "string").contains(type);
    }

    /** The type of the message, e.g. {@code Publish}. */
    public String primaryType() {
        return primaryType;
    }

    /** The domain separator. */
    public Bytes32 domainSeparator() {
        return domainSeparator;
    }

    /** {@code hashStruct} of the message. */
    public Bytes32 structHash() {
        return structHash;
    }

    /** The digest that is signed: {@code keccak256(0x1901 || domain separator || structHash)}. */
    public Bytes32 digest() {
        return Keccak256.of(new byte[] {0x19, 0x01}, domainSeparator.bytes(), structHash.bytes());
    }

    /** {@code encodeType}: the type, then the types it refers to by name. */
    String encodeType(String name) {
        TreeSet<String> referred = new TreeSet<>();
        collect(name, referred);
        referred.remove(name);
        StringBuilder out = new StringBuilder(line(name));
        referred.forEach(each -> out.append(line(each)));
        return out.toString();
    }

    private void collect(String name, Set<String> into) {
        if (types.containsKey(name) && into.add(name)) {
            fields(name).forEach(field -> collect(base(field.type()), into));
        }
    }

    private String line(String name) {
        return name + "("
                + String.join(
                        ",",
                        fields(name).stream()
                                .map(field -> field.type() + " " + field.name())
                                .toList())
                + ")";
    }

    private List<Field> fields(String name) {
        return types.getOrDefault(name, List.of());
    }

    private Bytes32 struct(String name, JsonObject value, int depth) {
        Set<String> left = new HashSet<>(value.keys());
        AbiWords words = new AbiWords().word(Keccak256.ofText(encodeType(name)));
        for (Field field : fields(name)) {
            left.remove(field.name());
            words.word(encoded(field.type(), value.required(field.name()), value.at(field.name()), depth + 1));
        }
        if (!left.isEmpty()) {
            throw new JsonException(value.at(left.iterator().next()) + ": the type " + name + " has no such field");
        }
        return words.keccak();
    }

    private Bytes32 encoded(String type, JsonValue value, String at, int depth) {
        if (depth > MAX_DEPTH) {
            throw new JsonException(at + ": more than " + MAX_DEPTH + " levels");
        }
        Matcher array = ARRAY.matcher(type);
        if (array.matches()) {
            if (!(value instanceof JsonValue.Items items)
                    || !(array.group(2).isEmpty()
                            || Integer.parseInt(array.group(2)) == items.items().size())) {
                throw new JsonException(at + ": an array " + type + " is needed");
            }
            AbiWords words = new AbiWords();
            items.items().forEach(item -> words.word(encoded(array.group(1), item, at + "[]", depth + 1)));
            return words.keccak();
        }
        if (types.containsKey(type)) {
            return struct(type, JsonObject.of(at, value), depth);
        }
        try {
            return atom(type, value);
        } catch (IllegalArgumentException e) {
            throw new JsonException(at + ": no " + type + ": " + e.getMessage(), e);
        }
    }

    private static Bytes32 atom(String type, JsonValue value) {
        Matcher integer = INTEGER.matcher(type);
        if (integer.matches()) {
            return integer(whole(value), integer.group(1).isEmpty(), Integer.parseInt(integer.group(2)));
        }
        return switch (type) {
            case "bool" -> {
                if (!(value instanceof JsonValue.Bool bool)) {
                    throw new IllegalArgumentException("true or false is needed");
                }
                yield word(new AbiWords().uint(bool.value() ? 1 : 0));
            }
            case "string" -> Keccak256.ofText(text(value));
            case "address" -> word(new AbiWords().address(EvmAddress.of(text(value))));
            case "bytes" -> Keccak256.of(HexText.parse(text(value).toLowerCase(Locale.ROOT)));
            default -> fixed(type, text(value));
        };
    }

    private static Bytes32 fixed(String type, String text) {
        byte[] bytes = HexText.parse(text.toLowerCase(Locale.ROOT), Integer.parseInt(type.substring("bytes".length())));
        return Bytes32.of(java.util.Arrays.copyOf(bytes, Bytes32.LENGTH));
    }

    private static Bytes32 integer(BigInteger value, boolean signed, int bits) {
        BigInteger limit = BigInteger.ONE.shiftLeft(signed ? bits - 1 : bits);
        BigInteger least = signed ? limit.negate() : BigInteger.ZERO;
        if (value.compareTo(least) < 0 || value.compareTo(limit) >= 0) {
            throw new IllegalArgumentException(value + " is outside [" + least + ", " + limit + ")");
        }
        return word(new AbiWords().uint(value.mod(BigInteger.ONE.shiftLeft(256))));
    }

    private static BigInteger whole(JsonValue value) {
        if (value instanceof JsonValue.Whole number) {
            return BigInteger.valueOf(number.value());
        }
        String text = text(value);
        if (text.matches("0x[0-9a-fA-F]{1,64}")) {
            return new BigInteger(text.substring(2), 16);
        }
        if (text.matches("-?(0|[1-9][0-9]{0,77})")) {
            return new BigInteger(text);
        }
        throw new IllegalArgumentException("\"" + text + "\" is no integer");
    }

    private static String text(JsonValue value) {
        if (value instanceof JsonValue.Text text) {
            return text.value();
        }
        throw new IllegalArgumentException("a string is needed");
    }

    private static Bytes32 word(AbiWords words) {
        return Bytes32.of(words.bytes());
    }
}
