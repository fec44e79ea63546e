/**
 * Hashes and the Merkle commitment of a delta, as a contract checks them (FORMATS section 4).
 *
 * <p>Entry type: {@link io.bitdelta.engine.commit.DeltaCommitment}. SHA-256 identifies bytes off chain, Keccak-256
 * commits to what a contract checks; one tree never mixes the two. An identity is 20 opaque bytes here.
 */
@NullMarked
package io.bitdelta.engine.commit;

import org.jspecify.annotations.NullMarked;
