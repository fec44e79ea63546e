package io.bitdelta.node.demo;

import io.bitdelta.node.chain.OutboxEntry;

/** How the demo words what every step has. */
final class DemoText {
    private DemoText() {}

    static String transaction(OutboxEntry entry) {
        return "tx %s, gas %d, block %d".formatted(entry.hash(), entry.gasUsed(), entry.block());
    }
}
