/** Scrubbing of a running node's content: {@link ScrubJob} reads every block that is pinned and hashes it. */
@NullMarked
package io.bitdelta.node.scrub;

import org.jspecify.annotations.NullMarked;
