/**
 * AMD SEV-SNP attestation reports of Milan, Genoa and Turin, signed by a chip's (VCEK) or a provider's (VLEK) key. Entry:
 * {@link io.bitdelta.attestation.evidence.snp.SnpVerifier}. Sources: AMD SEV-SNP firmware ABI (56860), VCEK and KDS
 * interface (57230).
 */
@NullMarked
package io.bitdelta.attestation.evidence.snp;

import org.jspecify.annotations.NullMarked;
