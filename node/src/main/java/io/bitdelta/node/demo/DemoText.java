package io.bitdelta.node.demo;

import io.bitdelta.node.chain.OutboxEntry;
import tools.jackson.databind.JsonNode;

/** How the demo words what every step has. */
final class DemoText {
    private DemoText() {}

    /** Of a job's step. */
    static String transaction(JsonNode step) {
        return "tx %s, gas %d, block %d"
                .formatted(
                        step.path("tx").stringValue(),
                        step.path("gas").longValue(),
                        step.path("block").longValue());
    }

    static String transaction(OutboxEntry entry) {
        return "tx %s, gas %d, block %d".formatted(entry.hash(), entry.gasUsed(), entry.block());
    }
}
