package io.bitdelta.node.cli.royalty;

import io.bitdelta.node.cli.Output;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Mixin for commands that pay: the name under which a payment is made once. */
final class OncePaid {
    @Option(
            names = "--once",
            paramLabel = "NAME",
            description =
                    "Idempotency key: one name is paid once, however often the command runs in the same place. Names given with --node are apart from those of the data folder.")
    private @Nullable String intent;

    /** The name that was given, or a new one, which the caller is told. */
    String key(Output output) {
        String key = intent == null ? UUID.randomUUID().toString() : intent;
        output.say("payment " + key + " (give --once " + key + " to repeat this command without paying twice)");
        return key;
    }
}
