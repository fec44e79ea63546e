package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.Progress;
import io.bitdelta.ipfs.block.BlockBatch;
import io.bitdelta.ipfs.block.Blockstore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Cuts byte streams of any length into blocks. Memory is bounded by a portion of chunks per thread; the result depends on
 * the bytes and the profile alone, not on how they are hashed.
 */
public final class UnixFsImporter {
    private final Blockstore store;
    private final ImportProfile profile;
    private final Hashing hashing;

    /** Imports with {@link ImportProfile#UNIXFS_V1_2025} on one thread. */
    public UnixFsImporter(Blockstore store) {
        this(store, ImportProfile.UNIXFS_V1_2025, Hashing.PLAIN);
    }

    /** Imports with a profile. */
    public UnixFsImporter(Blockstore store, ImportProfile profile, Hashing hashing) {
        this.store = store;
        this.profile = profile;
        this.hashing = hashing;
    }

    /** Imports a stream to its end; when this returns, its blocks are durable. */
    public ImportResult importStream(InputStream source, Progress progress) throws IOException {
        try (BlockBatch batch = store.batch()) {
            ImportResult result = importInto(batch, source, progress);
            batch.commit();
            return result;
        }
    }

    /** Imports a file; when this returns, its blocks are durable. */
    public ImportResult importFile(Path file, Progress progress) throws IOException {
        try (InputStream source = Files.newInputStream(file)) {
            return importStream(source, progress);
        }
    }

    ImportResult importInto(BlockBatch batch, InputStream source, Progress progress) throws IOException {
        BalancedTree tree = new BalancedTree(profile, batch);
        new LeafHashers(profile, hashing, tree, source, progress).run();
        return tree.finish();
    }
}
