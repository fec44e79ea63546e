/**
 * What a delta does to a model's quality and safety: suites that are scored against the base, and a scan of the delta
 * itself.
 *
 * <p>Entry types: {@link io.bitdelta.engine.safety.SuiteFile} (reads suites), {@link io.bitdelta.engine.safety.Evaluation}
 * (scores them, with a gate) and {@link io.bitdelta.engine.safety.BackdoorScan} (looks at signs and scales alone).
 * Invariants: scores are computed from log-likelihoods, so that they are the same on every run; a score is only ever
 * compared with the base's on the same items; a report holds the hash of every input.
 *
 * <p>Passing says that these items and these statistics show nothing, not that a model is safe.
 */
@NullMarked
package io.bitdelta.engine.safety;

import org.jspecify.annotations.NullMarked;
