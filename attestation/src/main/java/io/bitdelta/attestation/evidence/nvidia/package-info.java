/**
 * NVIDIA GPUs in confidential computing mode (Hopper, Blackwell): SPDM measurement reports, reference integrity manifests
 * of driver and VBIOS, OCSP. Entry: {@link io.bitdelta.attestation.evidence.nvidia.NvidiaVerifier}. Sources: DMTF DSP0274,
 * NVIDIA's published attestation guide, TCG RIM information model, XML Signature.
 */
@NullMarked
package io.bitdelta.attestation.evidence.nvidia;

import org.jspecify.annotations.NullMarked;
