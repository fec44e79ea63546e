package io.bitdelta.node.cli.demo;

import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.StoreOption;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.demo.Demo;
import io.bitdelta.node.demo.DemoReport;
import io.bitdelta.node.demo.DemoStep;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells the whole story on embedded defaults. */
@Command(
        name = "demo",
        description = {
            "The whole story on embedded defaults and the shipped model: three users' deltas compressed, attested, pinned,"
                    + " published and looked up by DID; a soup of them proposed and made final; royalties paid and"
                    + " claimed; one delta checked by a stranger.",
            "Everything is development grade: a chain of its own, keys without protection, evidence without hardware."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta demo --data /tmp/demo",
            "  bitdelta demo --data /tmp/demo-kubo --store kubo"
        })
public final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder; a second run on it continues. Default: bitdelta-data in the current folder.")
    private Path data = Path.of("bitdelta-data");

    @Mixin
    private StoreOption store = new StoreOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        output.say(
                "DEVELOPMENT MODE: embedded chain 31337, development finality, software evidence. Nothing here is worth money.");
        Path models = Path.of(System.getProperty("bitdelta.home", "."), "models", "tiny-qwen3");
        DemoReport report = new Demo(data, models, config(), Clock.systemUTC(), this::narrate).run();
        output.result(
                Map.of("ok", report.ok(), "steps", report.steps(), "development", true),
                out -> out.println(report.ok() ? epilogue() : "demo: stopped; run it again to go on"));
        @Nullable Throwable failure = report.failure();
        if (failure instanceof Exception known) {
            throw known;
        }
        return ExitCode.OK;
    }

    /** The demo's money must be worth nothing: only the embedded chain will do. */
    private NodeConfig config() {
        NodeConfig config = store.in(NodeConfig.load(data, Optional.empty()));
        if (!config.chain().embedded()) {
            throw CommandException.usage("the demo runs on the embedded chain only, and chain.rpc is set to "
                    + config.chain().rpc() + ": unset it, or use another --data");
        }
        return config;
    }

    private void narrate(DemoStep step) {
        output.say("%s %-20s %6.2f s  %s"
                .formatted(step.ok() ? "ok  " : "FAIL", step.name(), step.seconds(), step.detail()));
    }

    private String epilogue() {
        return """
                demo: all steps hold. Go on with:
                  bitdelta node start --data %1$s
                  bitdelta did resolve DID --data %1$s
                  bitdelta royalty balance --did DID --data %1$s""".formatted(data);
    }
}
