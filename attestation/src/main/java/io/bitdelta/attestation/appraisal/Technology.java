package io.bitdelta.attestation.appraisal;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.Keccak256;
import java.util.Locale;

/** The kinds of evidence. */
public enum Technology {
    /** Intel SGX enclave, quote version 3. */
    SGX,
    /** Intel TDX trust domain, quote version 4 or 5. */
    TDX,
    /** AMD SEV-SNP guest. */
    SNP,
    /** AWS Nitro enclave. */
    NITRO,
    /** NVIDIA GPU in confidential computing mode. */
    NVIDIA,
    /** A key on disk: development only. */
    SOFTWARE,
    /** Evidence that no verifier recognises. */
    UNKNOWN;

    /** The lowercase word, e.g. {@code tdx}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The identity used on chain: Keccak-256 of {@link #word}. */
    public Bytes32 id() {
        return Keccak256.ofText(word());
    }
}
