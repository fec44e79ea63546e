package io.bitdelta.attestation.attester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AttestersTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void withoutTheInterfaceTheMessageSaysSo() {
        TsmAttester attester = new TsmAttester(folder.resolve("none"), new SecureRandom());
        assertThatThrownBy(() -> attester.attest(new byte[64])).hasMessageContaining("no configfs-tsm");
        assertThatThrownBy(() -> attester.attest(new byte[63])).hasMessageContaining("63 bytes");
    }

    /** The interface as the kernel documents it: writing raises the generation and makes the report. */
    private static final class Kernel implements TsmRequest {
        private int generation;
        private byte[] report = new byte[0];
        private boolean closed;
        private final int otherWriters;

        private Kernel(int otherWriters) {
            this.otherWriters = otherWriters;
        }

        @Override
        public String name() {
            return "kernel";
        }

        @Override
        public boolean has(String attribute) {
            return attribute.equals("auxblob");
        }

        @Override
        public byte[] read(String attribute) throws AttesterException {
            return switch (attribute) {
                case "generation" -> (generation + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                case "outblob" -> report.clone();
                case "auxblob" -> new byte[] {1};
                default -> throw new AttesterException("no attribute " + attribute);
            };
        }

        @Override
        public void write(String attribute, byte[] value) {
            assertThat(attribute).isEqualTo("inblob");
            generation += 1 + otherWriters;
            report = value.clone();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void theKernelsReportIsReadOnce() throws Exception {
        Kernel kernel = new Kernel(0);
        byte[] reportData = new byte[64];
        reportData[5] = 9;
        Attester.Issued issued = new TsmAttester(() -> kernel).attest(reportData);
        assertThat(issued.evidence()).isEqualTo(reportData);
        assertThat(issued.auxiliary()).containsExactly(1);
        assertThat(kernel.closed).isTrue();
    }

    @Test
    void anotherWriterIsNoticed() {
        assertThatThrownBy(() -> new TsmAttester(() -> new Kernel(1)).attest(new byte[64]))
                .hasMessageContaining("somebody else");
    }

    @Test
    void requestsAreFoldersThatGoAway() throws Exception {
        try (TsmRequest request =
                TsmRequest.inFolder(folder, new SecureRandom()).open()) {
            assertThat(request.has("inblob")).isFalse();
            request.write("inblob", new byte[] {7});
            assertThat(request.read("inblob")).containsExactly(7);
            // The kernel's folders can be removed with their attributes inside; a plain one must be empty.
            Files.delete(Path.of(request.name()).resolve("inblob"));
        }
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aCommandPrintsEvidenceForTheReportData() throws Exception {
        byte[] reportData = new byte[64];
        reportData[0] = 0x5a;
        Attester attester = new CommandAttester(List.of("/bin/echo", "-n", "{reportData}"), LIMIT);
        assertThat(new String(attester.attest(reportData).evidence(), java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("5a" + "00".repeat(63));
    }

    @Test
    void aFailingSilentOrSlowCommandGivesNoEvidence() {
        assertThatThrownBy(() -> new CommandAttester(List.of("/bin/sh", "-c", "exit 7 # {reportData}"), LIMIT)
                        .attest(new byte[64]))
                .isInstanceOf(AttesterException.class)
                .hasMessageContaining("code 7");
        assertThatThrownBy(() -> new CommandAttester(List.of("/bin/true", "{reportData}"), LIMIT).attest(new byte[64]))
                .hasMessageContaining("0 bytes");
        assertThatThrownBy(() -> new CommandAttester(
                                List.of("/bin/sh", "-c", "exec sleep 60 # {reportData}"), Duration.ofMillis(200))
                        .attest(new byte[64]))
                .isInstanceOf(AttesterException.class);
        assertThatThrownBy(() -> new CommandAttester(List.of("/bin/true"), LIMIT))
                .hasMessageContaining("{reportData}");
    }
}
