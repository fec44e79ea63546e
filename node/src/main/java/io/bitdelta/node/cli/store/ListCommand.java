package io.bitdelta.node.cli.store;

import io.bitdelta.ipfs.Visibility;
import io.bitdelta.node.cli.Output;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code store ls}. */
@Command(
        name = "ls",
        description = "Lists what is pinned.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: bitdelta store ls --json"})
final class ListCommand implements Callable<Integer> {
    @Mixin
    private DataFolder data;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    ListCommand() {}

    private record Entry(String cid, String kind, String name, boolean isPublic) {}

    private record Result(List<Entry> pins) {}

    @Override
    public Integer call() throws IOException {
        List<Entry> pins = data.open().pins().all().stream()
                .map(pin -> new Entry(
                        pin.cid().toString(),
                        pin.kind().toString().toLowerCase(Locale.ROOT),
                        pin.name(),
                        pin.visibility() == Visibility.PUBLIC))
                .toList();
        output.result(
                new Result(pins),
                out -> pins.forEach(pin -> out.println(
                        pin.cid + "  " + pin.kind + "  " + (pin.isPublic ? "public " : "private") + "  " + pin.name)));
        return 0;
    }
}
