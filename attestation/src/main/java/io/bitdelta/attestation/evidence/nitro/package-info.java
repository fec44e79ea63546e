/**
 * AWS Nitro Enclaves attestation documents: COSE_Sign1 over CBOR. Entry: {@link
 * io.bitdelta.attestation.evidence.nitro.NitroVerifier}. Sources: AWS Nitro Enclaves attestation process, RFC 8949,
 * RFC 9052.
 */
@NullMarked
package io.bitdelta.attestation.evidence.nitro;

import org.jspecify.annotations.NullMarked;
