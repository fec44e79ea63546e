/**
 * Decentralised identifiers {@code did:lux:<chain>:<address>}. Entry: {@link io.bitdelta.attestation.did.LuxDid}; addresses are lowercase.
 */
@NullMarked
package io.bitdelta.attestation.did;

import org.jspecify.annotations.NullMarked;
