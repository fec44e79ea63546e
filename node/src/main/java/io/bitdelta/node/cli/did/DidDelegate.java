package io.bitdelta.node.cli.did;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.did.DidChange;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code did delegate}. */
@Command(
        name = "delegate",
        description = "Let somebody else act for a DID, or no longer.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Example:",
            "  bitdelta did delegate add did:lux:31337:0x11... --delegate 0x22... --days 30 --key owner.json"
        },
        subcommands = {DidDelegate.Add.class, DidDelegate.Remove.class})
final class DidDelegate {
    private DidDelegate() {}

    /** Who, and what for. */
    static final class Who {
        @Option(names = "--delegate", required = true, paramLabel = "ADDRESS", description = "The delegate's account.")
        private EvmAddress delegate = EvmAddress.of("0x" + "0".repeat(40));

        @Option(
                names = "--type",
                paramLabel = "TYPE",
                defaultValue = "bitdelta.publish",
                description =
                        "bitdelta.publish: publishes and revokes; veriKey: signs; sigAuth: logs in. Default: ${DEFAULT-VALUE}.")
        private String type = "bitdelta.publish";
    }

    /** {@code did delegate add}. */
    @Command(
            name = "add",
            description = "Let an account act for a DID for some days.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example:",
                "  bitdelta did delegate add did:lux:31337:0x11... --delegate 0x22... --days 30 --key owner.json"
            })
    static final class Add implements Callable<Integer> {
        @Mixin
        private Who who = new Who();

        @Option(names = "--days", required = true, paramLabel = "N", description = "How long.")
        private int days;

        @Mixin
        private ChangeOptions change = new ChangeOptions();

        @Override
        public Integer call() throws Exception {
            return change.apply(new DidChange.AddDelegate(
                    who.type, who.delegate, Duration.ofDays(days).toSeconds()));
        }
    }

    /** {@code did delegate remove}. */
    @Command(
            name = "remove",
            description = "Stop an account from acting for a DID, at once.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example:",
                "  bitdelta did delegate remove did:lux:31337:0x11... --delegate 0x22... --key owner.json"
            })
    static final class Remove implements Callable<Integer> {
        @Mixin
        private Who who = new Who();

        @Mixin
        private ChangeOptions change = new ChangeOptions();

        @Override
        public Integer call() throws Exception {
            return change.apply(new DidChange.RemoveDelegate(who.type, who.delegate));
        }
    }
}
