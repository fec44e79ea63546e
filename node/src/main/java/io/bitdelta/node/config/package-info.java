/**
 * Where a node keeps its things and which keys it may hold.
 *
 * <p>Entry: {@link io.bitdelta.node.config.DataFolder}.
 */
@NullMarked
package io.bitdelta.node.config;

import org.jspecify.annotations.NullMarked;
