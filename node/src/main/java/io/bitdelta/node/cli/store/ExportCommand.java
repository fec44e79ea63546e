package io.bitdelta.node.cli.store;

import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.unixfs.FileTree;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.TerminalProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store export}. */
@Command(
        name = "export",
        description = "Writes everything under a CID as an archive (CAR, version 1), whole or not at all.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: bitdelta store export bafy... --out delta.car"})
final class ExportCommand implements Callable<Integer> {
    @Mixin
    private DataFolder data;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "CID", description = "What to export.")
    private String cid;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write it (default: the CID and .car).")
    private @Nullable Path out;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    ExportCommand() {}

    private record Result(String cid, long blocks, long bytes, String out) {}

    @Override
    public Integer call() throws IOException {
        Cid root = Cid.parse(cid);
        Path target = out == null ? Path.of(root + ".car") : out;
        ContentStore store = data.open();
        long blocks;
        // A folder's size is not known before it was walked; the whole store is the most it can be.
        boolean file = FileTree.kind(store.blocks().require(root)) == FileTree.Kind.FILE;
        long most = file ? store.reader().size(root) : store.blocks().storedBytes();
        try (TerminalProgress progress = TerminalProgress.start("store export", most)) {
            blocks = store.exportCar(root, target, progress::add);
        }
        Result result = new Result(root.toString(), blocks, Files.size(target), target.toString());
        output.result(result, text -> text.println(blocks + " blocks, " + result.bytes + " bytes in " + result.out));
        return 0;
    }
}
