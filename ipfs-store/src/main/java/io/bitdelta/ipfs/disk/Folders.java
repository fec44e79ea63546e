package io.bitdelta.ipfs.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Folders whose entries survive a crash. */
public final class Folders {
    private Folders() {}

    /** Creates a folder and its parents, each durable in its parent. */
    public static void create(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            create(parent);
        }
        Files.createDirectories(folder);
        if (parent != null) {
            sync(parent);
        }
    }

    /** Returns once the folder's entries (names created, renamed, removed) survive a crash. */
    public static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
