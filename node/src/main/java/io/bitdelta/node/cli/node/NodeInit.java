package io.bitdelta.node.cli.node;

import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.DataOption;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.config.DurableFiles;
import io.bitdelta.node.config.NodeConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code node init}. */
@Command(
        name = "init",
        description = "Write a commented configuration file into the data folder.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta node init --data ./data"})
final class NodeInit implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        Path file = data.folder().resolve(NodeConfig.FILE);
        if (Files.exists(file)) {
            throw CommandException.usage(file + " exists already: edit it, or move it away");
        }
        Files.createDirectories(data.folder());
        DurableFiles.write(file, NodeConfig.COMMENTED_DEFAULTS.getBytes(StandardCharsets.UTF_8));
        output.result(Map.of("file", file.toString()), out -> out.println("wrote " + file));
        return ExitCode.OK;
    }
}
