/**
 * Fixed-width values of the chain: words, addresses and Keccak-256. Every value is immutable and copies what goes in and out.
 */
@NullMarked
package io.bitdelta.attestation.bytes;

import org.jspecify.annotations.NullMarked;
