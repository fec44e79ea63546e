package io.bitdelta.node.cli.bench;

import picocli.CommandLine.Command;

/** The {@code bench} command group. */
@Command(
        name = "bench",
        description = "Measure this program against this machine: ratios to a baseline of the same run.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CodecBenchCommand.class,
            ModelBenchCommand.class,
            ChainBenchCommand.class,
            IndexBenchCommand.class,
            StoreBenchCommand.class,
            AttestBench.class,
            ApiBenchCommand.class
        })
public final class BenchCommands {}
