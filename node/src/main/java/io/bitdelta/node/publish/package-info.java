/**
 * Publishing one delta: from a file on disk to a record on the chain that a stranger can check.
 *
 * <p>Entry: {@link io.bitdelta.node.publish.PublishService}. Inputs that must not change between attempts (times, salts,
 * challenges, signatures) are stored before they are used, so a publication that was cut off goes on with the same bytes.
 */
@NullMarked
package io.bitdelta.node.publish;

import org.jspecify.annotations.NullMarked;
