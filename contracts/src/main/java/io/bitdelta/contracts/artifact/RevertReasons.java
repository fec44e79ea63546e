package io.bitdelta.contracts.artifact;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.web3j.crypto.Hash;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decodes the data of a revert: the custom errors of all contracts (from their ABIs), {@code Error(string)} and {@code
 * Panic(uint256)}.
 *
 * <p>All custom errors have static values, one 32-byte word each; one that has not is reported by name only. Data that is
 * no revert of ours gives an empty result, never an exception.
 */
public final class RevertReasons {
    private record Field(String name, String type) {}

    private record Declaration(String name, List<Field> fields) {}

    private static final String ERROR_STRING = "08c379a0";
    private static final String PANIC = "4e487b71";
    private static final int WORD = 64;

    private static final Map<String, Declaration> DECLARATIONS = declarations();

    private RevertReasons() {}

    /**
     * Decodes revert data.
     *
     * @param data 0x-hex as the node returns it
     * @return empty if the data is none of the known errors
     */
    public static Optional<RevertReason> decode(String data) {
        String hex = (data.startsWith("0x") ? data.substring(2) : data).toLowerCase(Locale.ROOT);
        if (hex.length() < 8 || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            return Optional.empty();
        }
        String selector = hex.substring(0, 8);
        String body = hex.substring(8);
        if (selector.equals(ERROR_STRING)) {
            return message(body);
        }
        if (selector.equals(PANIC) && body.length() == WORD) {
            String code = new BigInteger(body, 16).toString(16);
            return Optional.of(new RevertReason(
                    "Panic",
                    Map.of("code", "0x" + code),
                    "the contract stopped with panic 0x" + code + ": report this"));
        }
        Declaration declaration = DECLARATIONS.get(selector);
        if (declaration == null || body.length() != declaration.fields().size() * WORD) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < declaration.fields().size(); i++) {
            Field field = declaration.fields().get(i);
            values.put(field.name(), text(field, body.substring(i * WORD, (i + 1) * WORD)));
        }
        return Optional.of(new RevertReason(declaration.name(), values, Sentences.of(declaration.name(), values)));
    }

    /** Names of all custom errors that the contracts declare. */
    public static List<String> names() {
        return DECLARATIONS.values().stream()
                .map(Declaration::name)
                .distinct()
                .sorted()
                .toList();
    }

    /** Field names of each declaration of an error; several contracts may declare one name differently. */
    static List<List<String>> fieldsOf(String name) {
        return DECLARATIONS.values().stream()
                .filter(declaration -> declaration.name().equals(name))
                .map(declaration ->
                        declaration.fields().stream().map(Field::name).toList())
                .toList();
    }

    private static Optional<RevertReason> message(String body) {
        if (body.length() < 2 * WORD) {
            return Optional.empty();
        }
        BigInteger length = new BigInteger(body.substring(WORD, 2 * WORD), 16);
        if (length.bitLength() > 30 || body.length() < 2 * WORD + 2 * length.intValue()) {
            return Optional.empty();
        }
        byte[] bytes = HexFormat.of().parseHex(body.substring(2 * WORD, 2 * WORD + 2 * length.intValue()));
        String text = new String(bytes, StandardCharsets.UTF_8);
        return Optional.of(new RevertReason("Error", Map.of("message", text), text));
    }

    private static String text(Field field, String word) {
        if (field.type().equals("address")) {
            return "0x" + word.substring(24);
        }
        if (field.type().equals("bool")) {
            return word.endsWith("1") ? "true" : "false";
        }
        if (field.type().startsWith("uint")) {
            return new BigInteger(word, 16).toString();
        }
        if (field.type().equals("bytes32")
                && (field.name().equals("reason") || field.name().equals("field"))) {
            return new String(HexFormat.of().parseHex(word), StandardCharsets.US_ASCII).replace("\0", "");
        }
        if (field.type().startsWith("bytes")) {
            return "0x" + word.substring(0, 2 * Integer.parseInt(field.type().substring("bytes".length())));
        }
        return "0x" + word;
    }

    private static Map<String, Declaration> declarations() {
        Map<String, Declaration> all = new HashMap<>();
        JsonMapper json = new JsonMapper();
        for (String contract : ContractArtifact.names()) {
            for (JsonNode entry : json.readTree(ContractArtifact.load(contract).abi())) {
                if (!entry.required("type").stringValue().equals("error")) {
                    continue;
                }
                String name = entry.required("name").stringValue();
                List<Field> fields = entry.required("inputs")
                        .valueStream()
                        .map(input -> new Field(
                                input.required("name").stringValue(),
                                input.required("type").stringValue()))
                        .toList();
                String signature = name + "("
                        + String.join(",", fields.stream().map(Field::type).toList()) + ")";
                all.put(Hash.sha3String(signature).substring(2, 10), new Declaration(name, fields));
            }
        }
        return Map.copyOf(all);
    }
}
