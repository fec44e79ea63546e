package io.bitdelta.attestation.appraisal;

import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.HexText;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/** What the relying party expects the evidence to bind. Immutable. */
public final class Expectation {
    private static final Expectation NOTHING = new Expectation(Optional.empty(), Optional.empty());

    private final Optional<byte[]> reportData;
    private final Optional<byte[]> nonce;

    private Expectation(Optional<byte[]> reportData, Optional<byte[]> nonce) {
        this.reportData = reportData;
        this.nonce = nonce;
    }

    /** Nothing is bound: for looking at evidence, never for a gate. */
    public static Expectation nothing() {
        return NOTHING;
    }

    /** 64 bytes of report data (a Nitro document's {@code user_data}); shorter ones are filled with zeros. */
    public static Expectation reportData(byte[] data) {
        if (data.length > Statement.REPORT_DATA_LENGTH) {
            throw new IllegalArgumentException("report data has " + data.length + " bytes, more than 64");
        }
        return new Expectation(Optional.of(Arrays.copyOf(data, Statement.REPORT_DATA_LENGTH)), Optional.empty());
    }

    /** A statement: its report data, and its nonce where the technology carries one of its own. */
    public static Expectation of(Statement statement) {
        return reportData(statement.reportData()).withNonce(statement.nonce().bytes());
    }

    /** The same, with the nonce that the technology carries beside report data. */
    public Expectation withNonce(byte[] value) {
        return new Expectation(reportData, Optional.of(value.clone()));
    }

    /** Reports unless the evidence's report data is the expected one. */
    public void checkReportData(byte[] found, Appraisal appraisal) {
        if (reportData.isPresent() && !MessageDigest.isEqual(reportData.get(), found)) {
            appraisal.report(
                    Reason.REPORT_DATA_MISMATCH,
                    "expected " + HexText.of(reportData.get()) + ", the evidence binds " + HexText.of(found));
        }
    }

    /** Reports unless the evidence's own nonce is the expected one. */
    public void checkNonce(byte[] found, Appraisal appraisal) {
        if (nonce.isPresent() && !MessageDigest.isEqual(nonce.get(), found)) {
            appraisal.report(
                    Reason.NONCE_MISMATCH,
                    "expected " + HexText.of(nonce.get()) + ", the evidence answers " + HexText.of(found));
        }
    }
}
