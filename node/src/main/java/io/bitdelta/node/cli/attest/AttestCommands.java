package io.bitdelta.node.cli.attest;

import picocli.CommandLine.Command;

/** The {@code attest} command group. */
@Command(
        name = "attest",
        description = "Issue and verify attestation evidence.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {AttestIssue.class, AttestVerify.class, AttestConformance.class})
public final class AttestCommands {}
