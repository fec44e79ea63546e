/**
 * Development evidence: signed by a key on disk, so it proves nothing about hardware. Never affirming. Entry: {@link io.bitdelta.attestation.evidence.software.SoftwareAttester}.
 */
@NullMarked
package io.bitdelta.attestation.evidence.software;

import org.jspecify.annotations.NullMarked;
