package io.bitdelta.node.royalty.view;

import io.bitdelta.node.chain.OutboxEntry;

/**
 * A move of the node's escrow.
 *
 * @param tx that carried it
 * @param gas it used
 * @param block it is in
 * @param delay seconds between announcing a withdrawal and making it
 */
public record EscrowView(String tx, long gas, long block, long delay) {
    /** The view of a move. */
    public static EscrowView of(OutboxEntry sent, long delay) {
        return new EscrowView(sent.hash(), sent.gasUsed(), sent.block(), delay);
    }
}
