package io.bitdelta.node.cli.node;

import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.RunningNode;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code node start}. */
@Command(
        name = "start",
        description = "Run a node in the foreground: chain, content store, index, gateway. Ctrl-C stops it in order.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta node start --data ./data --port 8480"})
final class NodeStart implements Callable<Integer> {
    private static final Duration AUDIT_EVERY = Duration.ofSeconds(2);

    /** The audit, requests and jobs each have their own bound; together they stay below this. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(40);

    @Option(names = "--port", paramLabel = "N", description = "HTTP port; default: the configuration's, 8480.")
    private @Nullable Integer port;

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            try {
                if (!stopped.await(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                    System.err.println("bitdelta: did not stop in time");
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }));
        try (LocalNode node = local.open()) {
            int chosen = port == null ? node.config().http().port() : port;
            try (RunningNode running =
                    RunningNode.start(node, node.config().http().host(), chosen, AUDIT_EVERY)) {
                Serving.note(node.folder().root(), running.address());
                announce(node, running.address());
                stop.await();
                Serving.forget(node.folder().root());
            }
        } finally {
            stopped.countDown();
        }
        return ExitCode.OK;
    }

    private void announce(LocalNode node, URI address) {
        boolean development = node.embeddedChain().isPresent();
        if (development) {
            output.say("DEVELOPMENT MODE: embedded chain 31337, development finality, software evidence.");
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("chainId", node.registry().chainId());
        json.put("rpc", node.chain().url());
        json.put("registry", node.deployment().address("BitDeltaRegistryProxy"));
        json.put("gateway", address.toString());
        json.put("development", development);
        output.result(json, out -> json.forEach((name, value) -> out.printf("%-12s %s%n", name, value)));
    }
}
