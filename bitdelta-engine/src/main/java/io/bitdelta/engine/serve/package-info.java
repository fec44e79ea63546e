/**
 * Text from models: sampling, chat templates and the deltas of many users over one base.
 *
 * <p>Entry types: {@link io.bitdelta.engine.serve.Generator} (text after a prompt) and
 * {@link io.bitdelta.engine.serve.DeltaCache} (verified deltas by file hash). Invariants: a delta is used only after its
 * bytes were hashed and its base compared; caches are keyed by that hash, never by a name; a seed fixes the text.
 */
@NullMarked
package io.bitdelta.engine.serve;

import org.jspecify.annotations.NullMarked;
