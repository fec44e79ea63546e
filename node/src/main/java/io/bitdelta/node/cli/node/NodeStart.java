package io.bitdelta.node.cli.node;

import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.ServedNode;
import io.bitdelta.node.soup.dispute.AuditThread;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    private static final long INDEX_EVERY_MS = 500;
    private static final Duration AUDIT_EVERY = Duration.ofSeconds(2);
    private static final Logger log = LoggerFactory.getLogger(NodeStart.class);

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
                if (!stopped.await(20, TimeUnit.SECONDS)) {
                    System.err.println("bitdelta: did not stop in time");
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }));
        try (LocalNode node = local.open()) {
            int chosen = port == null ? node.config().http().port() : port;
            try (ServedNode server = ServedNode.start(node, node.config().http().host(), chosen)) {
                node.catchUp();
                node.jobs().start();
                announce(node, server);
                AuditThread auditing = new AuditThread(node.soupAuditor(), AUDIT_EVERY);
                try {
                    while (!stop.await(INDEX_EVERY_MS, TimeUnit.MILLISECONDS)) {
                        follow(node);
                    }
                } finally {
                    auditing.close();
                }
            }
        } finally {
            stopped.countDown();
        }
        return ExitCode.OK;
    }

    /** A chain or a daemon that is away for a moment must not stop the gateway, nor the next look at a challenge. */
    private static void follow(LocalNode node) {
        try {
            node.outbox().advance();
            node.catchUp();
            node.soupGuard().look();
            node.content().sync();
        } catch (ChainException | IOException away) {
            log.warn("trying again soon: {}", away.getMessage());
        }
    }

    private void announce(LocalNode node, ServedNode server) {
        boolean development = node.embeddedChain().isPresent();
        if (development) {
            output.say("DEVELOPMENT MODE: embedded chain 31337, development finality, software evidence.");
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("chainId", node.registry().chainId());
        json.put("rpc", node.chain().url());
        json.put("registry", node.deployment().address("BitDeltaRegistryProxy"));
        json.put("gateway", "http://%s:%d".formatted(node.config().http().host(), server.port()));
        json.put("development", development);
        output.result(json, out -> json.forEach((name, value) -> out.printf("%-12s %s%n", name, value)));
    }
}
