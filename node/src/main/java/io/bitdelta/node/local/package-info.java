/**
 * Composition: everything a node is made of, opened on one data folder.
 *
 * <p>Entry: {@link io.bitdelta.node.local.LocalNode}. The only place where parts are wired together.
 */
@NullMarked
package io.bitdelta.node.local;

import org.jspecify.annotations.NullMarked;
