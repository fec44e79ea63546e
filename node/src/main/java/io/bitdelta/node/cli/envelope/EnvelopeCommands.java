package io.bitdelta.node.cli.envelope;

import picocli.CommandLine.Command;

/** The {@code envelope} command group. */
@Command(
        name = "envelope",
        description = "Sealed deltas (X25519 with ML-KEM-768, AES-256-GCM).",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {EnvelopeKey.class, EnvelopeSeal.class, EnvelopeOpen.class})
public final class EnvelopeCommands {}
