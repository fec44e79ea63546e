package io.bitdelta.ipfs;

import io.bitdelta.ipfs.block.StoreLock;
import io.bitdelta.ipfs.disk.Folders;
import io.bitdelta.ipfs.disk.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * What a store's folder remembers of itself, in the file {@code layout}: where its blocks are, so that its pins are never
 * read against other blocks, and a name of its own, by which it marks a bucket as its own.
 *
 * @param place where the blocks are
 * @param id of the store
 */
record Layout(String place, String id) {
    static final String FILES = "files";
    private static final Duration FOREVER = Duration.ofDays(1);
    private static final String VERSION = "bitdelta-store 1";

    /** Reads the layout, or writes it when the store is new. A store from before there were layouts has files. */
    static Layout of(Path folder, String place) throws IOException {
        Path file = folder.resolve("layout");
        if (!Files.exists(file)) {
            Folders.create(folder);
            try (StoreLock.Lease alone =
                    StoreLock.of(folder.resolve("layout.lock")).exclusive(FOREVER)) {
                if (alone != null && !Files.exists(file)) {
                    boolean old = Files.isDirectory(folder.resolve("blocks"));
                    byte[] text = (VERSION + "\nid " + UUID.randomUUID() + "\nblocks " + (old ? FILES : place) + "\n")
                            .getBytes(StandardCharsets.UTF_8);
                    WholeFile.write(file, out -> out.write(text));
                }
            }
        }
        Layout layout = read(folder, file, place);
        if (!layout.place.equals(place)) {
            throw new StoreLayoutException(folder, layout.place, place);
        }
        return layout;
    }

    private static Layout read(Path folder, Path file, String wanted) throws IOException {
        List<String> lines =
                Files.readString(file, StandardCharsets.UTF_8).lines().toList();
        if (lines.size() != 3
                || !lines.get(0).equals(VERSION)
                || !lines.get(1).startsWith("id ")
                || !lines.get(2).startsWith("blocks ")) {
            throw new StoreLayoutException(folder, "a place that the damaged file " + file + " does not tell", wanted);
        }
        return new Layout(lines.get(2).substring(7), lines.get(1).substring(3));
    }
}
