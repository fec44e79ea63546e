package io.bitdelta.node.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.api.publish.HttpPublisher;
import io.bitdelta.node.auth.ApiKeys;
import io.bitdelta.node.auth.Scope;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.cli.Main;
import io.bitdelta.node.fault.JavaProcess;
import io.bitdelta.node.store.Database;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The program as it is shipped, in a process of its own, under requests, publications and new blocks for ten minutes: what
 * lives in its heap after a collection, and what the system lends it, are the same in the end as after the first third.
 */
@Tag("long")
final class SoakTest {
    private static final int SECONDS = Integer.getInteger("bitdelta.soak.seconds", 600);
    private static final int SAMPLES = 20;
    private static final long MIB = 1 << 20;

    /** Caches that fill and code that is compiled late; a leak of 100 bytes a request is more. */
    private static final long HEAP_MAY_GROW = 12 * MIB;

    private static final long RSS_MAY_GROW = 64 * MIB;
    private static final Pattern HISTOGRAM_TOTAL = Pattern.compile("(?m)^Total +(\\d+) +(\\d+)");
    private static final Pattern RSS = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");

    @TempDir
    Path folder;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong publications = new AtomicLong();
    private final AtomicLong blocks = new AtomicLong();
    private final ConcurrentLinkedQueue<String> dids = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

    /** Bytes. */
    record Sample(long second, long heap, long rss, long requests, long publications, long blocks) {}

    @Test
    void memoryIsFlatUnderRequestsPublicationsAndBlocks() throws Exception {
        Path data = Files.createDirectories(folder.resolve("node"));
        Files.writeString(data.resolve("config.yaml"), """
                http: { perAddress: 100000, perPrincipal: 100000 }
                publish: { perDay: 1000000, gweiPerHour: 1000000000000, gweiPerDay: 1000000000000 }
                """);
        Secp256k1Key publisher = Secp256k1Key.generate(new SecureRandom());
        String key = key(data, publisher);
        Process process = JavaProcess.start(
                Main.class,
                List.of("-Xmx256m"),
                List.of("node", "start", "--data", data.toString(), "--port", "0", "--json"));
        List<Sample> samples = new ArrayList<>();
        try (HttpClient http = HttpClient.newHttpClient();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                JsonNode announced = announced(process);
                int port = URI.create(announced.path("gateway").asString()).getPort();
                drain(process, threads);
                Path delta = NodeFixture.delta("user-a", folder);
                dids.add(new LuxDid(31337, publisher.address()).toString());
                threads.execute(() -> publish(new HttpPublisher(http, port, key), publisher, delta));
                threads.execute(() -> ask(http, port, new Random(1)));
                threads.execute(() -> ask(http, port, new Random(2)));
                threads.execute(() -> mine(announced.path("rpc").asString()));
                long start = System.nanoTime();
                for (int n = 1; n <= SAMPLES; n++) {
                    long due = start + TimeUnit.SECONDS.toNanos(SECONDS) * n / SAMPLES;
                    while (System.nanoTime() < due && process.isAlive()) {
                        LockSupport.parkNanos(due - System.nanoTime());
                    }
                    samples.add(sample(process, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)));
                    print(samples);
                }
            } finally {
                // Before the threads are waited for, one of which reads what the process prints.
                over.set(true);
                process.destroy();
            }
        } finally {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(publications.get()).isGreaterThan(SECONDS / 20);
        assertThat(requests.get()).isGreaterThan(SECONDS * 10L);
        List<Sample> first = samples.subList(SAMPLES / 3, SAMPLES / 3 + 4);
        List<Sample> last = samples.subList(SAMPLES - 4, SAMPLES);
        assertThat(last.stream().mapToLong(Sample::heap).min().orElseThrow())
                .as("live heap, bytes")
                .isLessThan(first.stream().mapToLong(Sample::heap).max().orElseThrow() + HEAP_MAY_GROW);
        assertThat(last.stream().mapToLong(Sample::rss).min().orElseThrow())
                .as("resident set, bytes")
                .isLessThan(first.stream().mapToLong(Sample::rss).max().orElseThrow() + RSS_MAY_GROW);
    }

    private static String key(Path data, Secp256k1Key publisher) {
        try (Database database = Database.sqlite(data.resolve("bitdelta.sqlite"))) {
            return new ApiKeys(database, new SecureRandom(), Clock.systemUTC())
                    .create(
                            "soak",
                            Optional.of(publisher.address()),
                            EnumSet.of(Scope.PUBLISH, Scope.SPONSOR),
                            Duration.ofDays(1))
                    .secret();
        }
    }

    /** The line of JSON that says where the node is. */
    private static JsonNode announced(Process process) throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder json = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("{") || !json.isEmpty()) {
                json.append(line);
            }
            if (line.endsWith("}") && !json.isEmpty()) {
                return JsonMapper.shared().readTree(json.toString());
            }
        }
        throw new AssertionError("the node ended before it began");
    }

    private static void drain(Process process, ExecutorService threads) {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        threads.execute(() -> {
            try {
                while (out.readLine() != null) {
                    Thread.onSpinWait();
                }
            } catch (IOException ended) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void publish(HttpPublisher client, Secp256k1Key owner, Path delta) {
        while (!over.get()) {
            try {
                String key = "soak-" + publications.get();
                String id = HttpPublisher.job(
                                client.ask(owner, delta, "full", key).join())
                        .path("id")
                        .asString();
                JsonNode job = client.finish(id, owner);
                if (!job.path("state").asString().equals("SUCCEEDED")) {
                    wrong.add(job.toString());
                }
                publications.incrementAndGet();
            } catch (IOException | InterruptedException | RuntimeException | AssertionError failed) {
                if (!over.get()) {
                    wrong.add(failed.toString());
                }
            }
        }
    }

    /** Known identities and new ones, what they published, the node's state, and what does not exist. */
    private void ask(HttpClient http, int port, Random random) {
        String known = String.valueOf(dids.peek());
        while (!over.get()) {
            byte[] address = new byte[20];
            random.nextBytes(address);
            String did = random.nextInt(3) == 0 ? LuxDid.of(31337, address).toString() : known;
            String path =
                    switch (random.nextInt(6)) {
                        case 0 -> "/api/dids/" + did + "/deltas";
                        case 1 -> "/api/deltas?did=" + did;
                        case 2 -> "/api/node";
                        case 3 -> "/metrics";
                        case 4 -> "/1.0/identifiers/" + did + "?versionId=0";
                        default -> "/1.0/identifiers/" + did;
                    };
            try {
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        BodyHandlers.ofString());
                if (answer.statusCode() != 200) {
                    wrong.add(path + ": " + answer.statusCode() + " " + answer.body());
                }
                requests.incrementAndGet();
            } catch (IOException | InterruptedException failed) {
                if (!over.get()) {
                    wrong.add(path + ": " + failed);
                }
            }
        }
    }

    private void mine(String rpc) {
        try (ChainClient chain = new ChainClient(rpc)) {
            while (!over.get()) {
                chain.rpc("evm_mine");
                blocks.incrementAndGet();
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            }
        } catch (RuntimeException stopped) {
            if (!over.get()) {
                wrong.add(stopped.toString());
            }
        }
    }

    /** The histogram of live objects collects first. */
    private Sample sample(Process process, long second) throws IOException, InterruptedException {
        String histogram = histogram(process);
        for (int attempt = 0; attempt < 5 && !HISTOGRAM_TOTAL.matcher(histogram).find(); attempt++) {
            // A process that gets no processor for ten seconds is told about as one that does not answer.
            histogram = histogram(process);
        }
        return new Sample(
                second,
                number(HISTOGRAM_TOTAL, histogram, 2),
                number(RSS, Files.readString(Path.of("/proc/%d/status".formatted(process.pid()))), 1) * 1024,
                requests.get(),
                publications.get(),
                blocks.get());
    }

    private static String histogram(Process process) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String printed = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return printed;
    }

    private static long number(Pattern pattern, String text, int group) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find())
                .as(text.length() > 500 ? text.substring(0, 500) : text)
                .isTrue();
        return Long.parseLong(matcher.group(group));
    }

    private static void print(List<Sample> samples) throws IOException {
        StringBuilder table =
                new StringBuilder("| second | live heap MiB | RSS MiB | requests | publications | blocks |\n");
        samples.forEach(sample -> table.append("| %d | %.1f | %.0f | %d | %d | %d |%n"
                .formatted(
                        sample.second(),
                        (double) sample.heap() / MIB,
                        (double) sample.rss() / MIB,
                        sample.requests(),
                        sample.publications(),
                        sample.blocks())));
        Files.writeString(Path.of("target", "soak.txt"), table);
    }
}
