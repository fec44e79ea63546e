/**
 * The API of publishing: deltas in, jobs to follow, signatures for them, and what the node spends on others.
 *
 * <p>Entry: {@link io.bitdelta.node.api.publish.DeltaApi} and {@link io.bitdelta.node.api.publish.JobApi}. Handlers parse,
 * call one service and render. Everything that costs gas or disk needs a caller who is known, and counts against a quota.
 */
@NullMarked
package io.bitdelta.node.api.publish;

import org.jspecify.annotations.NullMarked;
