package io.bitdelta.attestation.appraisal;

/** Why a result is not affirming. A closed vocabulary: one meaning each. */
public enum Reason {
    /** The quote is not signed by its attestation key. */
    BAD_QUOTE_SIGNATURE,
    /** The evidence is not signed by the key of its certificate. */
    BAD_SIGNATURE,
    /** The quoting enclave's report does not bind the attestation key. */
    QE_BINDING,
    /** The quoting enclave's report is not signed by the platform's certificate. */
    BAD_QE_SIGNATURE,
    /** The quoting enclave is another than the published identity. */
    QE_IDENTITY_MISMATCH,
    /** A certificate is not issued by the next one, may not issue, or cannot be read. */
    BAD_CERT_CHAIN,
    /** The chain ends in a key that is not pinned. */
    UNTRUSTED_ROOT,
    /** A certificate's end has passed. */
    CERT_EXPIRED,
    /** A certificate's begin lies ahead. */
    CERT_NOT_YET_VALID,
    /** A certificate is revoked. */
    CERT_REVOKED,
    /** A certificate is on hold. */
    CERT_ON_HOLD,
    /** A revocation list is of another issuer or not signed by it. */
    CRL_ISSUER_MISMATCH,
    /** A revocation list's next update has passed. */
    CRL_EXPIRED,
    /** Collateral that the check needs is not there. */
    COLLATERAL_MISSING,
    /** Collateral's next update has passed. */
    COLLATERAL_EXPIRED,
    /** Collateral's issue date lies ahead. */
    COLLATERAL_NOT_YET_VALID,
    /** The TCB info is not signed by a pinned chain. */
    BAD_TCB_INFO_SIGNATURE,
    /** The QE identity is not signed by a pinned chain. */
    BAD_QE_IDENTITY_SIGNATURE,
    /** The TCB info is for another platform family. */
    FMSPC_MISMATCH,
    /** The TCB info is for another provisioning certification enclave. */
    PCEID_MISMATCH,
    /** The platform is below every published TCB level. */
    TCB_LEVEL_NOT_FOUND,
    /** The TCB is out of date. */
    OUT_OF_DATE,
    /** The policy does not list the status or one of its advisories. */
    STATUS_NOT_ALLOWED,
    /** The TDX module is another than the published identity. */
    MODULE_MISMATCH,
    /** Debug mode is on or allowed. */
    DEBUG,
    /** A trust domain lets the host inject exceptions. */
    SEPT_VE_DISABLE,
    /** A service trust domain is bound. */
    SERVICE_TD,
    /** A migration agent may be attached. */
    MIGRATION,
    /** The guest runs at a privilege level that the policy does not allow. */
    VMPL,
    /** The certificate is of another chip. */
    CHIP_ID_MISMATCH,
    /** The certificate is of another TCB version, or the TCB is below the policy's minimum. */
    TCB_MISMATCH,
    /** A measurement differs from its reference value. */
    MEASUREMENT_MISMATCH,
    /** A reference integrity manifest's signature does not hold. */
    BAD_RIM_SIGNATURE,
    /** A reference integrity manifest's chain does not reach the pinned root. */
    BAD_RIM_CHAIN,
    /** A reference integrity manifest's certificate was not valid. */
    RIM_CERT_EXPIRED,
    /** There is no reference integrity manifest for a version. */
    RIM_MISSING,
    /** OCSP says revoked. */
    OCSP_REVOKED,
    /** There is no usable OCSP answer for a certificate. */
    OCSP_MISSING,
    /** The device is not a GPU. */
    NOT_A_GPU,
    /** The nonce is another than the challenge. */
    NONCE_MISMATCH,
    /** The report data is not the statement's. */
    REPORT_DATA_MISMATCH,
    /** The evidence or collateral cannot be parsed. */
    MALFORMED,
    /** A version or variant that this verifier does not handle. */
    UNSUPPORTED;

    /** Whether the reason only says that something was not there to check. */
    boolean onlyMissing() {
        return this == COLLATERAL_MISSING || this == RIM_MISSING || this == OCSP_MISSING;
    }
}
