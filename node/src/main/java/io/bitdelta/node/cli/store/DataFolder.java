package io.bitdelta.node.cli.store;

import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.block.StoreLimits;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.DataOption;
import io.bitdelta.node.cli.StoreOption;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.config.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mixin: the data folder whose store a command works on. */
final class DataFolder {
    @Mixin
    private DataOption data;

    @Mixin
    private StoreOption kind;

    @Option(
            names = "--quota",
            paramLabel = "BYTES",
            description = "Refuse blocks beyond this many bytes in the store (default: no quota).")
    private long quota = Long.MAX_VALUE;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    DataFolder() {}

    /** Opens the store, creating it where there is none. */
    ContentStore create() throws IOException {
        if (quota < 0) {
            throw CommandException.usage("--quota is a number of bytes, not " + quota);
        }
        StoreConfig store =
                kind.in(NodeConfig.load(data.folder(), Optional.empty())).store();
        if (quota != Long.MAX_VALUE && store.kind() == StoreConfig.Kind.S3_REDIS) {
            throw CommandException.usage("--quota is for stores of files: a bucket's size is limited at its service");
        }
        return ContentStore.open(
                data.folder().resolve("store"),
                store.settings(new StoreLimits(quota, StoreLimits.DEFAULT.reserveBytes())));
    }

    /** Opens the store that must be there. */
    ContentStore open() throws IOException {
        if (!Files.isDirectory(data.folder().resolve("store"))) {
            throw CommandException.usage("no content store in " + data.folder() + "; 'store add --data " + data.folder()
                    + " FILE' makes one");
        }
        return create();
    }
}
