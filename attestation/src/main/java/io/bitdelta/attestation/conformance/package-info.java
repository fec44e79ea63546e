/**
 * Runs a table of evidence files with stated times against an appraiser. Entry: {@link
 * io.bitdelta.attestation.conformance.CaseTable}.
 */
@NullMarked
package io.bitdelta.attestation.conformance;

import org.jspecify.annotations.NullMarked;
