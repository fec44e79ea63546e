/**
 * The stranger's check: from an id to bytes, trusting nothing but the chain.
 *
 * <p>Entry: {@link io.bitdelta.node.verify.StrangersCheck}. No database, no data folder, no cache.
 */
@NullMarked
package io.bitdelta.node.verify;

import org.jspecify.annotations.NullMarked;
