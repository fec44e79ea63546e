/**
 * The whole story on embedded defaults, with the shipped model.
 *
 * <p>Entry: {@link io.bitdelta.node.demo.Demo}. Every step looks first for what an earlier run left, so a demo that was
 * killed goes on where it stopped.
 */
@NullMarked
package io.bitdelta.node.demo;

import org.jspecify.annotations.NullMarked;
