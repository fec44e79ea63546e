/**
 * Certificates, revocation and pinned roots, over BouncyCastle's parsers and the platform's signature checks. A root is
 * trusted by its key and never by its name. Entries: {@link io.bitdelta.attestation.pki.Chain}, {@link
 * io.bitdelta.attestation.pki.Documents}.
 */
@NullMarked
package io.bitdelta.attestation.pki;

import org.jspecify.annotations.NullMarked;
