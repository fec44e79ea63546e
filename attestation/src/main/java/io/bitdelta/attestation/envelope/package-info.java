/**
 * Sealed deltas: hybrid key agreement (X25519 and ML-KEM-768) for one or several recipients and AES-256-GCM in chunks, so
 * that a stream of any length is opened in constant memory and no cut goes unnoticed. Entry: {@link
 * io.bitdelta.attestation.envelope.Envelope}. The words are those of HPKE (RFC 9180); the bytes are in the module's
 * ENVELOPE.md.
 */
@NullMarked
package io.bitdelta.attestation.envelope;

import org.jspecify.annotations.NullMarked;
