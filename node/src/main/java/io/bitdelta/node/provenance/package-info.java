/**
 * Where a delta comes from and what it is worth, as documents: the record of its training with the privacy claim, and the
 * signed report of its evaluation.
 *
 * <p>Entries: {@link io.bitdelta.node.provenance.TrainingRecord} and {@link io.bitdelta.node.provenance.SignedEvaluation}.
 * Both name the delta file by its hash and are good for no other file. A privacy claim exists only if the accountant
 * counts no more than it claims.
 */
@NullMarked
package io.bitdelta.node.provenance;

import org.jspecify.annotations.NullMarked;
