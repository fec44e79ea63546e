package io.bitdelta.attestation.attester;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * Reads reports from configfs-tsm (Linux 6.7, {@code Documentation/ABI/testing/configfs-tsm}): a folder per request, write
 * {@code inblob}, read {@code outblob}; {@code generation} tells whether somebody else wrote in between.
 */
public final class TsmAttester implements Attester {
    /** Where the kernel mounts the interface. */
    public static final Path DEFAULT_FOLDER = Path.of("/sys/kernel/config/tsm/report");

    private final TsmRequest.Source requests;

    /**
     * An attester over the interface in {@code folder}.
     *
     * @param random names request folders, so that processes do not meet
     */
    public TsmAttester(Path folder, SecureRandom random) {
        this(TsmRequest.inFolder(folder, random));
    }

    TsmAttester(TsmRequest.Source requests) {
        this.requests = requests;
    }

    @Override
    public Issued attest(byte[] reportData) throws IOException {
        if (reportData.length != 64) {
            throw new IllegalArgumentException("report data has " + reportData.length + " bytes, not 64");
        }
        try (TsmRequest request = requests.open()) {
            long before = generation(request);
            request.write("inblob", reportData);
            byte[] report = request.read("outblob");
            byte[] auxiliary = request.has("auxblob") ? request.read("auxblob") : new byte[0];
            long after = generation(request);
            if (after != before + 1) {
                throw new AttesterException("the request " + request.name() + " was written " + (after - before)
                        + " times instead of once: somebody else used it");
            }
            if (report.length == 0) {
                throw new AttesterException("the request " + request.name() + " gave an empty outblob");
            }
            return new Issued(report, auxiliary);
        }
    }

    private static long generation(TsmRequest request) throws IOException {
        String text = new String(request.read("generation"), StandardCharsets.US_ASCII).strip();
        if (!text.matches("[0-9]{1,18}")) {
            throw new AttesterException(
                    "the generation of the request " + request.name() + " is \"" + text + "\", not a number");
        }
        return Long.parseLong(text);
    }
}
