/**
 * What the node measures of itself, for Prometheus.
 *
 * <p>Entry: {@link io.bitdelta.node.metrics.NodeMeters}. A part of the node that has something to measure gives a Micrometer
 * {@code MeterBinder}. Tags have few values: operations, statuses, states; never addresses, ids or credentials.
 */
@NullMarked
package io.bitdelta.node.metrics;

import org.jspecify.annotations.NullMarked;
