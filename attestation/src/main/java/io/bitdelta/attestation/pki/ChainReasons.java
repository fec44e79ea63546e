package io.bitdelta.attestation.pki;

import io.bitdelta.attestation.appraisal.Reason;

/**
 * How a chain's defects are called: reference integrity manifests have words of their own.
 *
 * @param broken a link does not hold
 * @param untrusted the end is not pinned
 * @param expired an end of validity has passed
 * @param early a begin of validity lies ahead
 */
public record ChainReasons(Reason broken, Reason untrusted, Reason expired, Reason early) {
    /** Chains of evidence and of collateral signers. */
    public static final ChainReasons EVIDENCE = new ChainReasons(
            Reason.BAD_CERT_CHAIN, Reason.UNTRUSTED_ROOT, Reason.CERT_EXPIRED, Reason.CERT_NOT_YET_VALID);

    /** Chains of reference integrity manifests. */
    public static final ChainReasons RIM = new ChainReasons(
            Reason.BAD_RIM_CHAIN, Reason.BAD_RIM_CHAIN, Reason.RIM_CERT_EXPIRED, Reason.RIM_CERT_EXPIRED);
}
