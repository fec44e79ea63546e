/**
 * Evidence of the node about itself: from a key on disk for development, or from the platform that it runs on.
 *
 * <p>Entry: {@link io.bitdelta.node.attest.EvidenceSource}. What a source gives is judged like anybody's evidence before
 * it is used: a source cannot vouch for itself.
 */
@NullMarked
package io.bitdelta.node.attest;

import org.jspecify.annotations.NullMarked;
