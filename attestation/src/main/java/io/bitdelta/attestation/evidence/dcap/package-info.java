/**
 * Intel DCAP: SGX quotes of version 3, TDX quotes of versions 4 and 5, and the collateral that judges them. Entry: {@link
 * io.bitdelta.attestation.evidence.dcap.DcapVerifier}. Sources: Intel SGX and TDX DCAP quoting library API, Intel TDX
 * module ABI, Intel PCS API version 4.
 */
@NullMarked
package io.bitdelta.attestation.evidence.dcap;

import org.jspecify.annotations.NullMarked;
