package io.bitdelta.node.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the story went.
 *
 * @param ok whether every step worked
 * @param steps in order; a failed one is the last
 * @param failure what ended it early
 */
public record DemoReport(
        boolean ok, List<DemoStep> steps, @Nullable Throwable failure) {}
