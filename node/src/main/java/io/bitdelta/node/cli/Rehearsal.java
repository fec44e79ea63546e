package io.bitdelta.node.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code rehearse}: the demo, then a few words of a model. The launcher runs it once after a build, so that the class-data
 * archive holds what the commands load.
 */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Do once what commands do, for the archive of their classes.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta rehearse --data training"})
final class Rehearsal implements Callable<Integer> {
    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Folder of the demo.")
    private Path data = Path.of("");

    Rehearsal() {}

    @Override
    public Integer call() {
        int demo = Main.commandLine().execute("demo", "--data", data.toString());
        Path model = Path.of(System.getProperty("bitdelta.home", "."), "models", "tiny-qwen3", "base");
        int words = Main.commandLine()
                .execute("model", "generate", "--model", model.toString(), "--prompt", "The", "--max-tokens", "4");
        return Math.max(demo, words);
    }
}
