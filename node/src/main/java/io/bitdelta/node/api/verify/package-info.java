/**
 * Verification as a service.
 *
 * <p>Entry: {@link io.bitdelta.node.api.verify.VerifyApi}.
 */
@NullMarked
package io.bitdelta.node.api.verify;

import org.jspecify.annotations.NullMarked;
