/**
 * The node about itself: alive, ready, what it is made of.
 *
 * <p>Entry: {@link io.bitdelta.node.api.status.StatusApi}.
 */
@NullMarked
package io.bitdelta.node.api.status;

import org.jspecify.annotations.NullMarked;
