package io.bitdelta.node.demo;

import io.bitdelta.node.client.NodeRefusedException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A soup as the node tells of it. */
final class SoupView {
    private SoupView() {}

    /** The soup, once the node's index has come to it. */
    static JsonNode of(Actor asking, String soupId) {
        return Patience.await("soup " + soupId + " in the index", () -> {
            try {
                return Optional.of(asking.api().get("/api/soups/" + soupId));
            } catch (NodeRefusedException unknown) {
                return Optional.empty();
            }
        });
    }

    static String status(Actor asking, String soupId) {
        return of(asking, soupId).path("soup").path("status").stringValue();
    }

    /** How it was slashed, in words; empty while it was not. */
    static Optional<String> slash(Actor asking, String soupId) {
        JsonNode slash = of(asking, soupId).path("slash");
        if (slash.isMissingNode()) {
            return Optional.empty();
        }
        String reason = slash.path("reason").stringValue();
        String how =
                switch (reason) {
                    case "word" -> "a member's word in the answer is not what it had committed to";
                    case "silence" -> "nobody answered";
                    default -> "it breaks the rule \"" + reason + "\"";
                };
        return Optional.of("soup %s is SLASHED: %s; %s wei to the challenger, %s wei burnt, tx %s, block %d"
                .formatted(
                        soupId,
                        how,
                        slash.path("reward").stringValue(),
                        slash.path("burnt").stringValue(),
                        slash.path("tx").stringValue(),
                        slash.path("block").longValue()));
    }
}
