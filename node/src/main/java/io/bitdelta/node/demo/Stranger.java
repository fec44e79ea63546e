package io.bitdelta.node.demo;

import io.bitdelta.node.config.TemporaryFolder;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody else: a process of its own, in an empty folder, that gets an id and three addresses. */
final class Stranger {
    private static final long TIMEOUT_SECONDS = 120;
    private static final int MAX_ANSWER = 1 << 20;

    private Stranger() {}

    /**
     * What the stranger printed.
     *
     * @param exitCode of its process
     * @param report its JSON object
     */
    record Answer(int exitCode, JsonNode report) {}

    /** Runs {@code verify} from outside. */
    static Answer verify(String deltaId, String rpc, String registry, String gateway) throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.create("bitdelta-stranger")) {
            String java = ProcessHandle.current().info().command().orElse("java");
            List<String> command = new ArrayList<>(List.of(java));
            // The same virtual machine options, but for those that would write over this process's files.
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(option -> !option.startsWith("-XX:ArchiveClassesAtExit"))
                    .forEach(command::add);
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.bitdelta.node.cli.Main"));
            command.addAll(
                    List.of("verify", deltaId, "--rpc", rpc, "--registry", registry, "--gateway", gateway, "--json"));
            Process process = new ProcessBuilder(command)
                    .directory(folder.path().toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            byte[] answer;
            try (InputStream out = process.getInputStream()) {
                answer = out.readNBytes(MAX_ANSWER);
            }
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("the stranger's check did not end within " + TIMEOUT_SECONDS + " s");
            }
            return new Answer(process.exitValue(), parse(answer));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the stranger checked", interrupted);
        }
    }

    private static JsonNode parse(byte[] answer) throws IOException {
        try {
            return JsonMapper.shared().readTree(answer);
        } catch (JacksonException malformed) {
            throw new IOException(
                    "the stranger's check printed no report: " + new String(answer, StandardCharsets.UTF_8), malformed);
        }
    }
}
