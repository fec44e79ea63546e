/**
 * Obtains evidence inside a TEE: from Linux's configfs-tsm interface (TDX, SEV-SNP) or from a command that prints it
 * (Nitro, NVIDIA, SGX quote providers). Tested against recorded interfaces; never exercised on such hardware here. Entry:
 * {@link io.bitdelta.attestation.attester.Attester}.
 */
@NullMarked
package io.bitdelta.attestation.attester;

import org.jspecify.annotations.NullMarked;
