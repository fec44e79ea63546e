/**
 * Paying gas for others, within bounds: who is sponsored, how often, and how much the node spends in an hour and a day.
 *
 * <p>Entry: {@link io.bitdelta.node.relay.GasBudget}. Identities cost nothing, so nothing here is granted to an identity as
 * such: a principal is sponsored because an operator says so. What is reserved counts as spent until it is settled.
 */
@NullMarked
package io.bitdelta.node.relay;

import org.jspecify.annotations.NullMarked;
