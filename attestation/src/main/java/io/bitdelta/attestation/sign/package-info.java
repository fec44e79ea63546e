/**
 * Owner signatures and the files that keep their keys. Signatures are strict: one encoding per signature. Entries: {@link io.bitdelta.attestation.sign.Secp256k1Key}, {@link io.bitdelta.attestation.sign.Keystore}.
 */
@NullMarked
package io.bitdelta.attestation.sign;

import org.jspecify.annotations.NullMarked;
