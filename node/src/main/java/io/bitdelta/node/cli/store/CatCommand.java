package io.bitdelta.node.cli.store;

import io.bitdelta.ipfs.cid.Cid;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code store cat}. */
@Command(
        name = "cat",
        description = "Writes stored content to standard output; a block is verified before its bytes are written.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: bitdelta store cat bafk... | sha256sum"})
final class CatCommand implements Callable<Integer> {
    @Mixin
    private DataFolder data;

    @Parameters(paramLabel = "CID", description = "What to write.")
    private String cid;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    CatCommand() {}

    @Override
    public Integer call() throws IOException {
        Cid wanted = Cid.parse(cid);
        try (OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16)) {
            data.open().cat(wanted, out);
        }
        return 0;
    }
}
