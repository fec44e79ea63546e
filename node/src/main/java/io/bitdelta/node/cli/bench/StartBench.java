package io.bitdelta.node.cli.bench;

import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.cli.Main;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.local.LocalNode;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a node with an existing database takes from the start of its process until it says that it is ready. The process
 * is {@code node start} with the options of this one.
 */
final class StartBench {
    private static final int ROUNDS = 5;
    private static final long READY_WITHIN_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    /** What an operator is promised. */
    private static final double TARGET_S = 3;

    private final Path folder;
    private final HttpClient http = HttpClient.newHttpClient();

    /** Makes a node's folder that holds {@code identities}, each with one change of its controller and one delta. */
    StartBench(Path folder, int identities) throws IOException {
        this.folder = folder;
        try (LocalNode node = LocalNode.open(folder, NodeConfig.defaults(), Optional.empty(), Clock.systemUTC())) {
            node.catchUp();
            new BenchIdentities(node.database(), identities).fill(block -> node.indexedBlock());
        }
    }

    ApiRow run() throws IOException, InterruptedException {
        double[] seconds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            seconds[round] = once();
        }
        Arrays.sort(seconds);
        return new ApiRow(
                "start-to-ready",
                seconds[ROUNDS / 2],
                "s, the middle of %d, the longest %.2f".formatted(ROUNDS, seconds[ROUNDS - 1]),
                TARGET_S,
                TARGET_S / seconds[ROUNDS / 2],
                0,
                0,
                0,
                0,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private double once() throws IOException, InterruptedException {
        int port = freePort();
        Path output = folder.resolveSibling("start.log");
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command(port))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            while (!ready(port)) {
                if (!process.isAlive() || System.nanoTime() - start > READY_WITHIN_NANOS) {
                    throw new ChainException("the node did not become ready: " + Files.readString(output));
                }
                LockSupport.parkNanos(this, LOOK_EVERY_NANOS);
            }
            return (System.nanoTime() - start) / 1e9;
        } finally {
            process.destroy();
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
        }
    }

    private List<String> command(int port) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(
                "-cp",
                absolute(System.getProperty("java.class.path")),
                Main.class.getName(),
                "node",
                "start",
                "--data",
                folder.toString(),
                "--port",
                Integer.toString(port)));
        return command;
    }

    private static String absolute(String classPath) {
        return String.join(
                File.pathSeparator,
                Arrays.stream(classPath.split(File.pathSeparator, -1))
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .toList());
    }

    private boolean ready(int port) throws InterruptedException {
        HttpRequest look = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/health/ready".formatted(port)))
                .timeout(ANSWER_WITHIN)
                .build();
        try {
            return http.send(look, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
