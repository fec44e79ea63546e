package io.bitdelta.node.cli.store;

import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.pin.Pin;
import io.bitdelta.node.cli.Output;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store pin}. */
@Command(
        name = "pin",
        description = "Keeps content: with --direct the block alone, else everything under it.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: bitdelta store pin --public --name release bafk..."})
final class PinCommand implements Callable<Integer> {
    @Mixin
    private DataFolder data;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "CID", description = "What to keep.")
    private String cid;

    @Option(names = "--name", description = "The pin's name; pins with different names are independent.")
    private String name = "";

    @Option(names = "--direct", description = "Keep this block, not what it links to.")
    private boolean direct;

    @Option(names = "--public", description = "Let the gateway serve it to anyone.")
    private boolean visible;

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            description = "Fetch what is missing from these trustless gateways first.")
    private List<URI> gateways = List.of();

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    PinCommand() {}

    private record Result(String cid, String kind, String name, boolean isPublic) {}

    @Override
    public Integer call() throws IOException {
        Cid wanted = Cid.parse(cid).toV1();
        Pin.Kind kind = direct ? Pin.Kind.DIRECT : Pin.Kind.RECURSIVE;
        Visibility visibility = visible ? Visibility.PUBLIC : Visibility.PRIVATE;
        if (gateways.isEmpty()) {
            data.open().pin(wanted, kind, name, visibility);
        } else {
            data.create().pinFrom(Gateways.of(gateways), wanted, kind, name, visibility);
        }
        output.result(
                new Result(wanted.toString(), kind.toString().toLowerCase(Locale.ROOT), name, visible),
                out -> out.println("pinned " + wanted));
        return 0;
    }
}
