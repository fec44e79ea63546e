package io.bitdelta.node.cli.store;

import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.unixfs.Hashing;
import io.bitdelta.ipfs.unixfs.ImportProfile;
import io.bitdelta.ipfs.unixfs.ImportResult;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.TerminalProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store add}. */
@Command(
        name = "add",
        description =
                "Imports a file or a folder into the store and pins it. The same content gives the same CID everywhere.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: bitdelta store add --public delta.safetensors"})
final class AddCommand implements Callable<Integer> {
    @Mixin
    private DataFolder data;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "FILE", description = "What to add.")
    private Path file;

    @Option(names = "--name", description = "The pin's name (default: the file's name).")
    private @Nullable String name;

    @Option(names = "--public", description = "Let the gateway serve it to anyone.")
    private boolean visible;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "How to cut it: unixfs-v1-2025, kubo-cidv1-256k-174, cidv0 (default: ${DEFAULT-VALUE}).",
            defaultValue = "unixfs-v1-2025")
    private String profile;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that hash (default: ${DEFAULT-VALUE}).",
            defaultValue = "2")
    private int threads;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    AddCommand() {}

    private record Result(String cid, long bytes, long blocks, String name, boolean isPublic) {}

    @Override
    public Integer call() throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (threads < 1) {
            throw CommandException.usage("--threads is at least 1, not " + threads);
        }
        String label =
                name == null ? file.toAbsolutePath().normalize().getFileName().toString() : name;
        ImportProfile cut = profile();
        ImportResult result;
        try (TerminalProgress progress = TerminalProgress.start("store add", Files.size(file))) {
            result = data.create()
                    .addFile(
                            file,
                            label,
                            visible ? Visibility.PUBLIC : Visibility.PRIVATE,
                            cut,
                            new Hashing(threads, LaneSha256.forBytes(Files.size(file), threads)),
                            progress::add);
        }
        String cid = result.root().toString();
        output.result(new Result(cid, result.bytes(), result.blocks(), label, visible), out -> {
            out.println(cid);
        });
        output.say(result.bytes() + " bytes in " + result.blocks() + " blocks, pinned as '" + label + "'"
                + (visible ? ", public" : ""));
        return 0;
    }

    private ImportProfile profile() {
        try {
            return ImportProfile.named(profile);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()));
        }
    }
}
