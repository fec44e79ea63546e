package io.bitdelta.ipfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bitdelta.ipfs.block.StoreFullException;
import io.bitdelta.ipfs.block.StoreLimits;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.pin.Pin;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on a disk of 8 MiB that fills up. Needs the right to mount a file system in memory, and is skipped without. */
final class FullDiskTest {
    @TempDir
    private Path folder;

    private Path disk;
    private ContentStore store;
    private Cid kept;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString()),
                "no right to mount a file system");
        store = ContentStore.open(
                disk.resolve("store"), new StoreSettings.Embedded(new StoreLimits(Long.MAX_VALUE, 0)));
        kept = store.addFile(file("kept", 3_000_000), "kept", Visibility.PRIVATE)
                .root();
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    @Test
    void anImportThatDoesNotFitIsRefusedAndLeavesNoTrace() throws IOException {
        Path large = file("large", 9_000_000);
        assertThatThrownBy(() -> store.addFile(large, "large", Visibility.PRIVATE))
                .isInstanceOf(StoreFullException.class)
                .hasMessageContaining(disk.toString())
                .hasMessageContaining("store gc");
        assertThat(disk.resolve("store/tmp")).isEmptyDirectory();
        assertThat(store.pins().all()).extracting(Pin::cid).containsExactly(kept);
        assertThat(store.verify(Progress.NONE).ok()).isTrue();

        store.gc(Duration.ZERO);
        Cid small = store.addFile(file("small", 2_000_000), "small", Visibility.PRIVATE)
                .root();
        assertThat(store.cat(small, OutputStream.nullOutputStream())).isEqualTo(2_000_000);
    }

    @Test
    void onAFullDiskWhatIsWrittenIsWholeOrNotThereAndTheMessageNamesIt() throws IOException {
        Path filler = disk.resolve("filler");
        assertThatThrownBy(() -> Files.write(filler, new byte[9_000_000])).isInstanceOf(IOException.class);
        Path copy = disk.resolve("copy");
        assertThatThrownBy(() -> store.fetch(kept, copy))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(copy.toString())
                .hasMessageContaining("no room");
        Path archive = disk.resolve("archive.car");
        assertThatThrownBy(() -> store.exportCar(kept, archive, Progress.NONE))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(archive.toString());
        assertThatThrownBy(() -> store.pin(kept, Pin.Kind.RECURSIVE, "again", Visibility.PRIVATE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(disk.toString());
        try (var files = Files.list(disk)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactlyInAnyOrder("store", "filler");
        }
        assertThat(store.pins().all()).hasSize(1);
        assertThat(store.verify(Progress.NONE).ok()).isTrue();

        assertThat(store.pins().removeAll(kept)).isEqualTo(1);
        assertThat(store.gc(Duration.ZERO).removed()).isEqualTo(4);
        kept = store.addFile(file("kept", 2_000_000), "kept", Visibility.PRIVATE)
                .root();
        assertThat(store.verify(Progress.NONE).ok()).isTrue();
    }

    private Path file(String name, int bytes) throws IOException {
        return Files.write(folder.resolve(name), Pattern.bytes(bytes));
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            // No such program: not Linux.
            return false;
        }
    }
}
