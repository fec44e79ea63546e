package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.appraisal.Appraisal;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.pki.PkiException;
import io.bitdelta.attestation.pki.VerifyingKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The checks that need the quote alone: the attestation key signs the body, the quoting enclave binds the key. */
final class QuoteSignatures {
    private static final int QE_REPORT_DATA = 320;

    private QuoteSignatures() {}

    static void check(DcapQuote quote, Appraisal appraisal) {
        try {
            appraisal.require(
                    VerifyingKey.ofP256(quote.attestationKey()).p256(quote.signed(), quote.signature()),
                    Reason.BAD_QUOTE_SIGNATURE,
                    "the attestation key did not sign header and body");
        } catch (PkiException e) {
            appraisal.report(Reason.BAD_QUOTE_SIGNATURE, String.valueOf(e.getMessage()));
        }
        // Only this ties the attestation key to the quoting enclave: without it any key could sign.
        byte[] bound = Arrays.copyOfRange(quote.qeReport(), QE_REPORT_DATA, QE_REPORT_DATA + 64);
        byte[] expected = Arrays.copyOf(sha256(quote.attestationKey(), quote.qeAuthData()), 64);
        appraisal.require(
                MessageDigest.isEqual(bound, expected),
                Reason.QE_BINDING,
                "the quoting enclave's report data is not the hash of attestation key and authentication data");
    }

    private static byte[] sha256(byte[] first, byte[] second) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(first);
            return digest.digest(second);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
