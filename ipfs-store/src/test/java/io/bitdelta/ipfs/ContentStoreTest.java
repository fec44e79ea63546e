package io.bitdelta.ipfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockNotFoundException;
import io.bitdelta.ipfs.block.BlockTooLargeException;
import io.bitdelta.ipfs.block.CorruptBlockException;
import io.bitdelta.ipfs.block.FileBlockstore;
import io.bitdelta.ipfs.block.StoreFullException;
import io.bitdelta.ipfs.block.StoreLimits;
import io.bitdelta.ipfs.block.StoreUnwritableException;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.pin.DamagedPinException;
import io.bitdelta.ipfs.pin.GarbageCollector;
import io.bitdelta.ipfs.pin.Pin;
import io.bitdelta.ipfs.pin.ScrubReport;
import io.bitdelta.ipfs.pin.StoreBusyException;
import io.bitdelta.ipfs.unixfs.ImportResult;
import io.bitdelta.ipfs.unixfs.Links;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContentStoreTest {
    private static final int SIZE = 3_500_000;

    @TempDir
    private Path folder;

    private ContentStore store;
    private Path file;

    @BeforeEach
    void open() throws IOException {
        store = ContentStore.open(folder.resolve("store"));
        file = folder.resolve("content");
        Files.write(file, Pattern.bytes(SIZE));
    }

    @Test
    void keepsAFileAcrossOpenings() throws IOException {
        ImportResult added = store.addFile(file, "delta", Visibility.PRIVATE);
        ContentStore again = ContentStore.open(folder.resolve("store"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(again.cat(added.root(), out)).isEqualTo(SIZE);
        assertThat(out.toByteArray()).isEqualTo(Files.readAllBytes(file));
        assertThat(again.pins().all())
                .containsExactly(new Pin(added.root(), Pin.Kind.RECURSIVE, "delta", Visibility.PRIVATE));
        assertThat(again.verify(Progress.NONE).ok()).isTrue();
        assertThat(again.verify(Progress.NONE).checked()).hasSize((int) added.blocks());
    }

    @Test
    void addingTwiceIsAddingOnce() throws IOException {
        ImportResult first = store.addFile(file, "delta", Visibility.PUBLIC);
        String before = listing();
        assertThat(store.addFile(file, "delta", Visibility.PUBLIC)).isEqualTo(first);
        assertThat(listing()).isEqualTo(before);
    }

    @Test
    void aFlippedByteIsFoundAndNamedAndHealedByAddingAgain() throws IOException {
        ImportResult added = store.addFile(file, "delta", Visibility.PUBLIC);
        Cid leaf = Links.of(store.blocks().require(added.root())).get(1);
        damage(leaf);
        assertThatThrownBy(() -> store.cat(added.root(), new ByteArrayOutputStream()))
                .isInstanceOf(CorruptBlockException.class)
                .hasMessageContaining(leaf.toString())
                .hasMessageContaining(files().file(leaf).toString());
        ScrubReport report = store.verify(Progress.NONE);
        assertThat(report.ok()).isFalse();
        assertThat(report.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.cid()).isEqualTo(leaf));
        Path target = folder.resolve("fetched");
        assertThatThrownBy(() -> store.fetch(added.root(), target)).isInstanceOf(CorruptBlockException.class);
        assertThat(target).doesNotExist();
        store.addFile(file, "delta", Visibility.PUBLIC);
        assertThat(store.verify(Progress.NONE).ok()).isTrue();
    }

    @Test
    void everyByteOfEveryBlockIsWatched() throws IOException {
        Cid cid = store.addRaw(new byte[] {1, 2, 3}, "raw", Visibility.PUBLIC);
        Path at = files().file(cid);
        for (byte[] wrong : new byte[][] {{1, 2}, {1, 2, 3, 0}, {}, {1, 2, 2}}) {
            Files.delete(at);
            Files.write(at, wrong);
            assertThatThrownBy(() -> store.blocks().get(cid)).isInstanceOf(CorruptBlockException.class);
        }
    }

    @Test
    void aMissingBlockOfAPinIsReported() throws IOException {
        ImportResult added = store.addFile(file, "delta", Visibility.PUBLIC);
        Cid leaf = Links.of(store.blocks().require(added.root())).getLast();
        store.blocks().delete(leaf);
        assertThat(store.verify(Progress.NONE).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.cid()).isEqualTo(leaf);
            assertThat(finding.problem()).isEqualTo(ScrubReport.Problem.MISSING);
        });
        assertThatThrownBy(() -> store.cat(added.root(), new ByteArrayOutputStream()))
                .isInstanceOf(BlockNotFoundException.class)
                .hasMessageContaining(leaf.toString());
    }

    @Test
    void blockFilesAreReadOnly() throws IOException {
        Cid cid = store.addRaw(new byte[] {1}, "raw", Visibility.PRIVATE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().file(cid))))
                .isEqualTo("r--r--r--");
    }

    @Test
    void onlyWhatHangsUnderAPublicPinIsPublic() throws IOException {
        ImportResult open = store.addFile(file, "open", Visibility.PUBLIC);
        Cid secret = store.addRaw(new byte[] {42}, "secret", Visibility.PRIVATE);
        Cid leaf = Links.of(store.blocks().require(open.root())).getFirst();
        assertThat(store.isPublic(open.root())).isTrue();
        assertThat(store.isPublic(leaf)).isTrue();
        assertThat(store.isPublic(secret)).isFalse();
        assertThat(store.published().get(secret)).isEmpty();
        store.addRaw(new byte[] {42}, "published", Visibility.PUBLIC);
        assertThat(store.isPublic(secret)).isTrue();
        store.pins().remove(secret, "published");
        assertThat(store.isPublic(secret)).isFalse();
        store.pins().removeAll(open.root());
        assertThat(store.isPublic(leaf)).isFalse();
    }

    @Test
    void pinsByDifferentNamesAreIndependent() throws IOException {
        Cid cid = store.addRaw(new byte[] {1}, "alice", Visibility.PRIVATE);
        store.addRaw(new byte[] {1}, "bob\nline two", Visibility.PRIVATE);
        assertThat(store.pins().of(cid)).hasSize(2);
        assertThat(store.pins().remove(cid, "alice")).isTrue();
        assertThat(store.pins().remove(cid, "alice")).isFalse();
        store.gc(Duration.ZERO);
        assertThat(store.blocks().has(cid)).isTrue();
        assertThat(store.pins().removeAll(cid)).isEqualTo(1);
        store.gc(Duration.ZERO);
        assertThat(store.blocks().has(cid)).isFalse();
    }

    @Test
    void collectingKeepsWhatIsPinnedAndRemovesTheRest() throws IOException {
        ImportResult kept = store.addFile(file, "kept", Visibility.PRIVATE);
        Cid direct = store.addRaw(new byte[] {1}, "x", Visibility.PRIVATE);
        store.pins().removeAll(direct);
        store.pin(direct, Pin.Kind.DIRECT, "direct", Visibility.PRIVATE);
        Cid loose = store.addRaw(new byte[] {2, 2}, "loose", Visibility.PRIVATE);
        store.pins().removeAll(loose);
        GarbageCollector.Report report = store.gc(Duration.ZERO);
        assertThat(report).isEqualTo(new GarbageCollector.Report(1, 2, kept.blocks() + 1));
        assertThat(store.blocks().has(loose)).isFalse();
        assertThat(store.verify(Progress.NONE).ok()).isTrue();
    }

    @Test
    void nothingIsCollectedWhileAnImportRuns() throws IOException {
        Cid loose = store.addRaw(new byte[] {2, 2}, "loose", Visibility.PRIVATE);
        store.pins().removeAll(loose);
        try (var importing = store.blocks().batch()) {
            importing.put(Block.raw(new byte[] {3}));
            importing.commit();
            assertThatThrownBy(() -> store.gc(Duration.ofMillis(50))).isInstanceOf(StoreBusyException.class);
        }
        assertThat(store.blocks().has(loose)).isTrue();
        assertThat(store.gc(Duration.ofSeconds(5)).removed()).isEqualTo(2);
    }

    @Test
    void nothingIsCollectedWhileAPinnedDagCannotBeWalked() throws IOException {
        ImportResult added = store.addFile(file, "delta", Visibility.PRIVATE);
        damage(added.root());
        assertThatThrownBy(() -> store.gc(Duration.ZERO))
                .isInstanceOf(CorruptBlockException.class)
                .hasMessageContaining(added.root().toString());
        assertThat(store.verify(Progress.NONE).checked()).hasSize((int) added.blocks());
    }

    @Test
    void aDamagedPinStopsCollection() throws IOException {
        Cid cid = store.addRaw(new byte[] {2, 2}, "pinned", Visibility.PRIVATE);
        Path pin;
        try (Stream<Path> pins = Files.list(folder.resolve("store/pins"))) {
            pin = pins.findFirst().orElseThrow();
        }
        Files.writeString(pin, Files.readString(pin).replace("PRIVATE", "PUBLIC"));
        assertThatThrownBy(() -> store.gc(Duration.ZERO))
                .isInstanceOf(DamagedPinException.class)
                .hasMessageContaining(pin.toString());
        assertThat(store.blocks().has(cid)).isTrue();
    }

    @Test
    void pinningWhatIsNotHereIsRefused() {
        Cid absent = Cid.ofRaw(new byte[] {9});
        assertThatThrownBy(() -> store.pin(absent, Pin.Kind.RECURSIVE, "", Visibility.PRIVATE))
                .isInstanceOf(BlockNotFoundException.class)
                .hasMessageContaining(absent.toString());
    }

    @Test
    void theQuotaRefusesBeforeAnythingIsWritten() throws IOException {
        ContentStore small =
                ContentStore.open(folder.resolve("small"), new StoreSettings.Embedded(new StoreLimits(1000, 0)));
        small.addRaw(new byte[900], "fits", Visibility.PRIVATE);
        assertThatThrownBy(() -> small.addRaw(new byte[101], "does not", Visibility.PRIVATE))
                .isInstanceOf(StoreFullException.class)
                .hasMessageContaining("1000")
                .hasMessageContaining("900")
                .hasMessageContaining("101");
        small.addRaw(new byte[100], "fits too", Visibility.PRIVATE);
        ContentStore again =
                ContentStore.open(folder.resolve("small"), new StoreSettings.Embedded(new StoreLimits(1000, 0)));
        assertThatThrownBy(() -> again.addRaw(new byte[1], "full", Visibility.PRIVATE))
                .isInstanceOf(StoreFullException.class);
        assertThat(again.verify(Progress.NONE).checked()).hasSize(2);
    }

    @Test
    void aNearlyFullDiskIsNotFilled() {
        assertThatThrownBy(() -> ContentStore.open(
                                folder.resolve("reserved"),
                                new StoreSettings.Embedded(new StoreLimits(Long.MAX_VALUE, Long.MAX_VALUE)))
                        .addRaw(new byte[1], "", Visibility.PRIVATE))
                .isInstanceOf(StoreFullException.class)
                .hasMessageContaining("reserved");
    }

    @Test
    void aRawBlockBeyondTheLimitIsRefused() {
        assertThatThrownBy(() -> store.addRaw(new byte[Block.MAX_BYTES + 1], "", Visibility.PRIVATE))
                .isInstanceOf(BlockTooLargeException.class);
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path occupied = folder.resolve("occupied");
        Files.writeString(occupied, "a file");
        assertThatThrownBy(() -> ContentStore.open(occupied))
                .isInstanceOf(StoreUnwritableException.class)
                .hasMessageContaining("occupied");
    }

    @Test
    void leftoversOfAKilledWriterAreRemoved() throws IOException {
        Path left = folder.resolve("store/tmp/left");
        Files.writeString(left, "half a block");
        ContentStore again = ContentStore.open(folder.resolve("store"));
        assertThat(left).doesNotExist();
        assertThat(again.verify(Progress.NONE).checked()).isEmpty();
    }

    private FileBlockstore files() {
        return (FileBlockstore) store.blocks();
    }

    private void damage(Cid cid) throws IOException {
        Path at = files().file(cid);
        byte[] bytes = Files.readAllBytes(at);
        bytes[bytes.length / 2] ^= 0x10;
        Files.delete(at);
        Files.write(at, bytes);
    }

    private String listing() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> all = Files.walk(folder.resolve("store"))) {
            for (Path each : (Iterable<Path>) all.sorted()::iterator) {
                text.append(each).append('\n');
            }
        }
        return text.toString();
    }
}
