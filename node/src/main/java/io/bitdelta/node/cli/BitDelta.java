package io.bitdelta.node.cli;

import picocli.CommandLine.Command;

/** The root command. */
@Command(
        name = "bitdelta",
        description = "Own, prove and be paid for what you teach a language model.",
        mixinStandardHelpOptions = true,
        version = "bitdelta 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            io.bitdelta.node.cli.delta.DeltaCommands.class,
            io.bitdelta.node.cli.store.StoreCommands.class,
            io.bitdelta.node.cli.key.KeyCommands.class,
            io.bitdelta.node.cli.attest.AttestCommands.class,
            io.bitdelta.node.cli.sign.SignCommands.class,
            io.bitdelta.node.cli.envelope.EnvelopeCommands.class,
        })
final class BitDelta {}
