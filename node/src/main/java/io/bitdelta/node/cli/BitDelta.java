package io.bitdelta.node.cli;

import io.bitdelta.node.cli.attest.AttestCommands;
import io.bitdelta.node.cli.bench.BenchCommands;
import io.bitdelta.node.cli.delta.DeltaCommands;
import io.bitdelta.node.cli.demo.DemoCommand;
import io.bitdelta.node.cli.did.DidCommands;
import io.bitdelta.node.cli.envelope.EnvelopeCommands;
import io.bitdelta.node.cli.key.KeyCommands;
import io.bitdelta.node.cli.model.ModelCommands;
import io.bitdelta.node.cli.node.NodeCommands;
import io.bitdelta.node.cli.privacy.PrivacyCommands;
import io.bitdelta.node.cli.registry.RegistryCommands;
import io.bitdelta.node.cli.royalty.RoyaltyCommands;
import io.bitdelta.node.cli.sign.SignCommands;
import io.bitdelta.node.cli.soup.SoupCommands;
import io.bitdelta.node.cli.store.StoreCommands;
import io.bitdelta.node.cli.verify.VerifyCommand;
import picocli.CommandLine.Command;

/** The root command. */
@Command(
        name = "bitdelta",
        description = "Own, prove and be paid for what you teach a language model.",
        mixinStandardHelpOptions = true,
        version = "bitdelta 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            NodeCommands.class,
            DeltaCommands.class,
            ModelCommands.class,
            PrivacyCommands.class,
            SoupCommands.class,
            StoreCommands.class,
            KeyCommands.class,
            AttestCommands.class,
            SignCommands.class,
            EnvelopeCommands.class,
            RegistryCommands.class,
            DidCommands.class,
            RoyaltyCommands.class,
            VerifyCommand.class,
            BenchCommands.class,
            Rehearsal.class,
        })
final class BitDelta {}
