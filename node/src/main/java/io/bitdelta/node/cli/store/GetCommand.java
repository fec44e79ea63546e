package io.bitdelta.node.cli.store;

import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.unixfs.FileTree;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.TerminalProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store get}. */
@Command(
        name = "get",
        description = "Writes a stored file or folder, whole or not at all, every block verified.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: bitdelta store get bafk... --out delta.safetensors"})
final class GetCommand implements Callable<Integer> {
    @Mixin
    private DataFolder data;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "CID", description = "What to get.")
    private String cid;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write it (default: the CID).")
    private @Nullable Path out;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    GetCommand() {}

    private record Result(String cid, long bytes, String out) {}

    @Override
    public Integer call() throws IOException {
        Cid wanted = Cid.parse(cid);
        Path target = out == null ? Path.of(wanted.toString()) : out;
        ContentStore store = data.open();
        boolean folder = FileTree.kind(store.blocks().require(wanted)) != FileTree.Kind.FILE;
        long bytes;
        if (folder) {
            bytes = store.fetchTree(wanted, target);
        } else {
            try (TerminalProgress progress =
                    TerminalProgress.start("store get", store.reader().size(wanted))) {
                bytes = store.fetch(wanted, target, progress::add);
            }
        }
        output.result(
                new Result(wanted.toString(), bytes, target.toString()),
                text -> text.println(bytes + " bytes in " + target));
        return 0;
    }
}
