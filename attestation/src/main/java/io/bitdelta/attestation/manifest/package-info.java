/**
 * The manifest of a delta and the bundle of its evidence: raw blocks whose digests stand on chain. Entries: {@link io.bitdelta.attestation.manifest.Manifest}, {@link io.bitdelta.attestation.manifest.EvidenceBundle}.
 */
@NullMarked
package io.bitdelta.attestation.manifest;

import org.jspecify.annotations.NullMarked;
