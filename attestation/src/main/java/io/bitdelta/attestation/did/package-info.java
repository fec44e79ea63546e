/**
 * Decentralised identifiers.
 */
@NullMarked
package io.bitdelta.attestation.did;

import org.jspecify.annotations.NullMarked;
