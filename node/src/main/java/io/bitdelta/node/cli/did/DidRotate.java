package io.bitdelta.node.cli.did;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.did.DidChange;
import java.math.BigInteger;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code did rotate}. */
@Command(
        name = "rotate",
        description = "Give a DID another controller, or end it for good. The present controller signs.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  bitdelta did rotate did:lux:31337:0x11... --to 0x2222222222222222222222222222222222222222 --key owner.json"
        })
final class DidRotate implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Choice choice = new Choice();

    @Mixin
    private ChangeOptions change = new ChangeOptions();

    /** Somebody or nobody. */
    static final class Choice {
        @Option(names = "--to", paramLabel = "ADDRESS", description = "The new controller.")
        private @Nullable EvmAddress to;

        @Option(
                names = "--deactivate",
                description =
                        "End the DID: nobody controls it any more, which cannot be undone; its unclaimed royalties stay locked.")
        private boolean deactivate;
    }

    @Override
    public Integer call() throws Exception {
        EvmAddress next = choice.to == null ? EvmAddress.of("0x" + "0".repeat(40)) : choice.to;
        boolean nobody = new BigInteger(1, next.bytes()).signum() == 0;
        if (nobody && !choice.deactivate) {
            throw CommandException.usage("--to the zero address would end the DID: say --deactivate if you mean it");
        }
        return change.apply(new DidChange.Rotate(next));
    }
}
