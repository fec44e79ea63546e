package io.bitdelta.node.cli.node;

import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.config.SoupConfig;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.ServedNode;
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
    private static final long AUDIT_EVERY_MS = 2_000;
    private static final Duration STOP_AUDIT_WITHIN = Duration.ofSeconds(10);

    /** The audit, requests and jobs each have their own bound; together they stay below this. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(40);

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
                if (!stopped.await(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
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
                Serving.note(node.folder().root(), server.address());
                announce(node, server);
                Thread auditing = Thread.ofVirtual().name("audit").start(() -> audit(node, stop));
                while (!stop.await(INDEX_EVERY_MS, TimeUnit.MILLISECONDS)) {
                    follow(node);
                    server.measure();
                }
                auditing.join(STOP_AUDIT_WITHIN);
                Serving.forget(node.folder().root());
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
            node.settlementWatch().look();
            node.content().sync();
        } catch (ChainException | IOException away) {
            log.warn("trying again soon: {}", away.getMessage());
        }
    }

    /** A recount may take minutes, so it runs beside the rest. */
    private static void audit(LocalNode node, CountDownLatch stop) {
        try {
            while (node.config().soup().audit() != SoupConfig.Audit.OFF
                    && !stop.await(AUDIT_EVERY_MS, TimeUnit.MILLISECONDS)) {
                try {
                    node.soupAuditor().look();
                } catch (ChainException away) {
                    log.warn("audit: trying again soon: {}", away.getMessage());
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
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
        json.put("gateway", server.address().toString());
        json.put("development", development);
        output.result(json, out -> json.forEach((name, value) -> out.printf("%-12s %s%n", name, value)));
    }
}
