/**
 * The chain side: an embedded development chain, a JSON-RPC client, deployment, and the outbox that sends transactions.
 *
 * <p>Entry: {@link io.bitdelta.node.chain.Outbox}. A transaction is written to the database, signed, before it is
 * broadcast; nonces come from the database alone. Nothing here knows what a delta is.
 */
@NullMarked
package io.bitdelta.node.chain;

import org.jspecify.annotations.NullMarked;
