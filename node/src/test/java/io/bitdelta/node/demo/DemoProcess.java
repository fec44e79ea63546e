package io.bitdelta.node.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The demo as a process of its own, which can be killed. */
final class DemoProcess {
    private DemoProcess() {}

    /**
     * How a process ended.
     *
     * @param exitCode 137 after SIGKILL
     * @param lines what it printed, both streams together
     */
    record Ended(int exitCode, List<String> lines) {
        List<String> with(String part) {
            return lines.stream().filter(line -> line.contains(part)).toList();
        }
    }

    private static Process start(Path data) throws IOException {
        return start(data, Map.of());
    }

    private static Process start(Path data, Map<String, String> environment, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Dbitdelta.home=" + System.getProperty("bitdelta.home"),
                "-cp",
                System.getProperty("java.class.path"),
                "io.bitdelta.node.cli.Main",
                "demo",
                "--data",
                data.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Runs with more options and environment variables. */
    static Ended run(Path data, Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        return watch(start(data, environment, options), "there is no such line");
    }

    static Ended run(Path data) throws IOException, InterruptedException {
        return watch(start(data), "there is no such line");
    }

    /** Kills the process, without warning, when it prints a line with these words. */
    static Ended killAt(Path data, String words) throws IOException, InterruptedException {
        return watch(start(data), words);
    }

    private static Ended watch(Process process, String killWords) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (line.contains(killWords)) {
                    process.destroyForcibly();
                    break;
                }
            }
        } finally {
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
        }
        return new Ended(process.waitFor(), lines);
    }
}
