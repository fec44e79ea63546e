package io.bitdelta.node.publish;

import io.bitdelta.attestation.typed.Eip712Domain;
import io.bitdelta.attestation.typed.PublishMessage;
import io.bitdelta.attestation.typed.RevokeMessage;
import io.bitdelta.attestation.typed.SoupConsentMessage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an owner is asked to sign, in the JSON of {@code eth_signTypedData_v4} (EIP-712). */
public final class SigningRequest {
    private static final List<Map<String, String>> DOMAIN_TYPE = List.of(
            field("name", "string"),
            field("version", "string"),
            field("chainId", "uint256"),
            field("verifyingContract", "address"));

    private SigningRequest() {}

    /** Of a publication. */
    public static Map<String, Object> of(PublishMessage message, Eip712Domain domain) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("deltaId", message.deltaId().hex());
        values.put("prev", message.prev().hex());
        values.put("deadline", Long.toString(message.deadline()));
        return document(
                "Publish",
                List.of(field("deltaId", "bytes32"), field("prev", "bytes32"), field("deadline", "uint256")),
                values,
                domain);
    }

    /** Of a revocation. */
    public static Map<String, Object> of(RevokeMessage message, Eip712Domain domain) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("deltaId", message.deltaId().hex());
        values.put("deadline", Long.toString(message.deadline()));
        return document("Revoke", List.of(field("deltaId", "bytes32"), field("deadline", "uint256")), values, domain);
    }

    /** Of a consent to soups. */
    public static Map<String, Object> of(SoupConsentMessage message, Eip712Domain domain) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("deltaId", message.deltaId().hex());
        values.put("termsHash", message.termsHash().hex());
        values.put("deadline", Long.toString(message.deadline()));
        return of(SoupConsentMessage.TYPE, values, domain);
    }

    /**
     * Of any flat struct.
     *
     * @param type as it is hashed, e.g. {@code ChangeOwner(address identity,address newOwner)}
     * @param values of its members
     */
    public static Map<String, Object> of(String type, Map<String, Object> values, Eip712Domain domain) {
        int open = type.indexOf('(');
        List<Map<String, String>> fields = Arrays.stream(
                        type.substring(open + 1, type.length() - 1).split(",", -1))
                .map(member -> member.split(" ", -1))
                .map(words -> field(words[1], words[0]))
                .toList();
        return document(type.substring(0, open), fields, values, domain);
    }

    private static Map<String, Object> document(
            String primaryType, List<Map<String, String>> fields, Map<String, Object> message, Eip712Domain domain) {
        Map<String, Object> types = new LinkedHashMap<>();
        types.put("EIP712Domain", DOMAIN_TYPE);
        types.put(primaryType, fields);
        Map<String, Object> where = new LinkedHashMap<>();
        where.put("name", domain.name());
        where.put("version", "1");
        where.put("chainId", domain.chainId());
        where.put("verifyingContract", domain.contract().hex());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("types", types);
        document.put("primaryType", primaryType);
        document.put("domain", where);
        document.put("message", message);
        return document;
    }

    private static Map<String, String> field(String name, String type) {
        Map<String, String> field = new LinkedHashMap<>();
        field.put("name", name);
        field.put("type", type);
        return field;
    }
}
