package io.bitdelta.node.cli.attest;

import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON object of a result: {@code verdict, status, reasons[], claims{}} and more. */
final class VerdictView {
    private VerdictView() {}

    static Map<String, Object> of(AppraisalResult result) {
        Map<String, Object> claims = new LinkedHashMap<>();
        result.claims().forEach((name, value) -> claims.put(name, plain(value)));
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("verdict", result.tier().word());
        out.put("status", result.status());
        out.put("reasons", result.reasons().stream().map(Reason::name).toList());
        out.put(
                "findings",
                result.findings().stream()
                        .map(f -> Map.of("reason", f.reason().name(), "detail", f.detail()))
                        .toList());
        out.put("claims", claims);
        out.put("technology", result.technology().word());
        out.put("development", result.development());
        result.validUntil().ifPresent(t -> out.put("validUntil", t.toString()));
        return out;
    }

    private static Object plain(JsonValue value) {
        return switch (value) {
            case JsonValue.Text t -> t.value();
            case JsonValue.Whole w -> w.value();
            case JsonValue.Bool b -> b.value();
            case JsonValue.Items i -> i.items().stream().map(VerdictView::plain).toList();
            case JsonValue.Members m -> {
                Map<String, Object> members = new LinkedHashMap<>();
                m.members().forEach((name, member) -> members.put(name, plain(member)));
                yield members;
            }
        };
    }
}
