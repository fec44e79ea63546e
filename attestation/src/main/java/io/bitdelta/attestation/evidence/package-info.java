/**
 * Evidence of each technology, one package per technology. Entry: {@link
 * io.bitdelta.attestation.evidence.StandardAppraiser}.
 */
@NullMarked
package io.bitdelta.attestation.evidence;

import org.jspecify.annotations.NullMarked;
