package io.bitdelta.attestation.attester;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.security.SecureRandom;

/**
 * Reads reports from configfs-tsm (Linux 6.7, {@code Documentation/ABI/testing/configfs-tsm}): a folder per request, write
 * {@code inblob}, read {@code outblob}; {@code generation} tells whether somebody else wrote in between.
 */
public final class TsmAttester implements Attester {
    /** Where the kernel mounts the interface. */
    public static final Path DEFAULT_FOLDER = Path.of("/sys/kernel/config/tsm/report");

    private static final int MAX_REPORT = 1 << 20;

    private final Path folder;
    private final SecureRandom random;

    /**
     * An attester over the interface in {@code folder}.
     *
     * @param random names request folders, so that processes do not meet
     */
    public TsmAttester(Path folder, SecureRandom random) {
        this.folder = folder;
        this.random = random;
    }

    @Override
    public Issued attest(byte[] reportData) throws IOException {
        if (reportData.length != 64) {
            throw new IllegalArgumentException("report data has " + reportData.length + " bytes, not 64");
        }
        if (!Files.isDirectory(folder)) {
            throw new AttesterException(folder + " is not there: no configfs-tsm, so this is no TDX or SEV-SNP guest");
        }
        byte[] name = new byte[8];
        random.nextBytes(name);
        Path request = folder.resolve("bitdelta-" + HexFormat.of().formatHex(name));
        Files.createDirectory(request);
        try {
            long before = generation(request);
            Files.write(request.resolve("inblob"), reportData);
            byte[] report = read(request.resolve("outblob"));
            byte[] auxiliary = Files.exists(request.resolve("auxblob")) ? read(request.resolve("auxblob")) : new byte[0];
            long after = generation(request);
            if (after != before + 1) {
                throw new AttesterException(request + " was written " + (after - before)
                        + " times instead of once: somebody else used the request");
            }
            if (report.length == 0) {
                throw new AttesterException(request.resolve("outblob") + " is empty");
            }
            return new Issued(report, auxiliary);
        } finally {
            remove(request);
        }
    }

    private static long generation(Path request) throws IOException {
        String text = new String(read(request.resolve("generation")), StandardCharsets.US_ASCII).strip();
        if (!text.matches("[0-9]{1,18}")) {
            throw new AttesterException(request.resolve("generation") + " says \"" + text + "\", not a number");
        }
        return Long.parseLong(text);
    }

    private static byte[] read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_REPORT + 1);
            if (bytes.length > MAX_REPORT) {
                throw new AttesterException(file + " is longer than " + MAX_REPORT + " bytes");
            }
            return bytes;
        }
    }

    /** The kernel removes a request's files with its folder. */
    private static void remove(Path request) throws IOException {
        Files.deleteIfExists(request);
    }
}
