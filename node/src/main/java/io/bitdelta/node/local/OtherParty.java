package io.bitdelta.node.local;

import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.soup.SoupService;

/**
 * Another account on the embedded chain, which uses this node's store.
 *
 * @param outbox sends from that account
 * @param soups proposes from it
 */
public record OtherParty(Outbox outbox, SoupService soups) {}
