package io.bitdelta.node.cli.store;

import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.TerminalProgress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store import}. */
@Command(
        name = "import",
        description = "Adds the blocks of an archive (CAR), every one verified, and pins its roots.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: bitdelta store import delta.car"})
final class ImportCommand implements Callable<Integer> {
    @Mixin
    private DataFolder data;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "FILE", description = "The archive, version 1 or 2.")
    private Path file;

    @Option(names = "--name", description = "The pins' name (default: the file's name).")
    private @Nullable String name;

    @Option(names = "--public", description = "Let the gateway serve it to anyone.")
    private boolean visible;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    ImportCommand() {}

    private record Result(List<String> roots, String name, boolean isPublic) {}

    @Override
    public Integer call() throws IOException {
        String label = name == null ? String.valueOf(file.getFileName()) : name;
        List<Cid> roots;
        try (InputStream archive = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
                TerminalProgress progress = TerminalProgress.start("store import", Files.size(file))) {
            roots = data.create()
                    .importCar(archive, label, visible ? Visibility.PUBLIC : Visibility.PRIVATE, progress::add);
        }
        Result result = new Result(roots.stream().map(Cid::toString).toList(), label, visible);
        output.result(result, text -> result.roots.forEach(text::println));
        return 0;
    }
}
