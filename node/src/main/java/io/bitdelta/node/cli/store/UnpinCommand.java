package io.bitdelta.node.cli.store;

import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.pin.Pins;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.Output;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store unpin}. */
@Command(
        name = "unpin",
        description = "Removes pins; 'store gc' then removes what no other pin keeps.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: bitdelta store unpin --name release bafk..."})
final class UnpinCommand implements Callable<Integer> {
    @Mixin
    private DataFolder data;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "CID", description = "What to keep no longer.")
    private String cid;

    @Option(names = "--name", description = "Remove the pin with this name only (default: all pins of the content).")
    private @Nullable String name;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    UnpinCommand() {}

    private record Result(String cid, int removed) {}

    @Override
    public Integer call() throws IOException {
        Cid wanted = Cid.parse(cid).toV1();
        Pins pins = data.open().pins();
        int removed = name == null ? pins.removeAll(wanted) : pins.remove(wanted, name) ? 1 : 0;
        if (removed == 0) {
            throw CommandException.failure(
                    "no pin of " + wanted + (name == null ? "" : " with the name '" + name + "'"));
        }
        output.result(new Result(wanted.toString(), removed), out -> out.println("removed " + removed + " pins"));
        return 0;
    }
}
