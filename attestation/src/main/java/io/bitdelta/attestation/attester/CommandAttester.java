package io.bitdelta.attestation.attester;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command that prints evidence on standard output: a quote provider, a Nitro NSM client, a GPU tool. An argument
 * {@code {reportData}} becomes the 64 bytes in hex.
 */
public final class CommandAttester implements Attester {
    private static final int MAX_EVIDENCE = 1 << 20;
    private static final String REPORT_DATA = "{reportData}";

    private final List<String> command;
    private final Duration timeout;

    /**
     * An attester over a command.
     *
     * @param command program and arguments, never passed through a shell; one contains {@code {reportData}}
     * @param timeout after which the command is ended
     */
    public CommandAttester(List<String> command, Duration timeout) {
        if (command.stream().noneMatch(part -> part.contains(REPORT_DATA))) {
            throw new IllegalArgumentException("no argument of the command contains " + REPORT_DATA);
        }
        this.command = List.copyOf(command);
        this.timeout = timeout;
    }

    @Override
    public Issued attest(byte[] reportData) throws IOException, InterruptedException {
        if (reportData.length != 64) {
            throw new IllegalArgumentException("report data has " + reportData.length + " bytes, not 64");
        }
        List<String> arguments = new ArrayList<>();
        command.forEach(
                part -> arguments.add(part.replace(REPORT_DATA, HexFormat.of().formatHex(reportData))));
        Process process = new ProcessBuilder(arguments)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            process.getOutputStream().close();
            // Ends the process at the deadline, which also ends the read below.
            process.onExit()
                    .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(late -> {
                        process.destroyForcibly();
                        return process;
                    });
            byte[] evidence;
            try (InputStream in = process.getInputStream()) {
                evidence = in.readNBytes(MAX_EVIDENCE + 1);
            }
            if (evidence.length > MAX_EVIDENCE) {
                throw new AttesterException(command.getFirst() + " printed more than " + MAX_EVIDENCE + " bytes");
            }
            int code = process.waitFor();
            if (code != 0 || evidence.length == 0) {
                throw new AttesterException(command.getFirst() + " ended with code " + code + " and " + evidence.length
                        + " bytes of evidence (time limit " + timeout + ")");
            }
            return new Issued(evidence, new byte[0]);
        } finally {
            process.destroyForcibly();
        }
    }
}
