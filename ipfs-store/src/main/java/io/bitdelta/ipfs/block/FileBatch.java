package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.disk.Folders;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Writes and syncs several files at a time and syncs each folder once. Holds a lease of the store's lock until closed. */
final class FileBatch implements BlockBatch {
    private final FileBlockstore store;
    private final StoreLock.Lease lease;
    private final Set<Path> touched = ConcurrentHashMap.newKeySet();
    private final ConcurrentBatch files;

    FileBatch(FileBlockstore store, StoreLock.Lease lease) {
        this.store = store;
        this.lease = lease;
        this.files = new ConcurrentBatch(block -> touched.add(store.write(block)), ConcurrentBatch.diskThreads());
    }

    @Override
    public void put(Block block) throws IOException {
        try {
            files.put(block);
        } catch (FileSystemException e) {
            throw store.unwritable(e);
        }
    }

    @Override
    public void commit() throws IOException {
        try {
            files.commit();
        } catch (FileSystemException e) {
            throw store.unwritable(e);
        }
        for (Path folder : touched) {
            Folders.sync(folder);
        }
        touched.clear();
    }

    @Override
    public void close() throws IOException {
        files.close();
        lease.close();
    }
}
