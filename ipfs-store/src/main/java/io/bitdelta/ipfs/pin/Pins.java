package io.bitdelta.ipfs.pin;

import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.disk.Folders;
import io.bitdelta.ipfs.disk.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pins of a store, one small file each, so that several processes can pin at the same time and a crash loses nothing
 * that was acknowledged. Pinning does not fetch: the content must be in the store (see
 * {@link io.bitdelta.ipfs.ContentStore}, which checks that).
 */
public final class Pins {
    private static final Comparator<Pin> ORDER = Comparator.comparing(Pin::cid).thenComparing(Pin::name);

    private final Path folder;

    private Pins(Path folder) {
        this.folder = folder;
    }

    /** Opens or creates the pins in a folder. */
    public static Pins open(Path folder) throws IOException {
        Folders.create(folder);
        return new Pins(folder);
    }

    /** Adds a pin, or replaces the one with the same content and name; durable on return. */
    public void add(Pin pin) throws IOException {
        byte[] text = PinFile.encode(pin).getBytes(StandardCharsets.UTF_8);
        WholeFile.write(folder.resolve(PinFile.fileName(pin.cid(), pin.name())), out -> out.write(text));
    }

    /** Removes the pin with this name; whether there was one. */
    public boolean remove(Cid cid, String name) throws IOException {
        boolean removed = Files.deleteIfExists(folder.resolve(PinFile.fileName(cid, name)));
        Folders.sync(folder);
        return removed;
    }

    /** Removes every pin of the content and returns how many there were. */
    public int removeAll(Cid cid) throws IOException {
        int removed = 0;
        for (Pin pin : of(cid)) {
            removed += remove(cid, pin.name()) ? 1 : 0;
        }
        return removed;
    }

    /** The pin with this name. */
    public Optional<Pin> get(Cid cid, String name) throws IOException {
        return read(folder.resolve(PinFile.fileName(cid, name)));
    }

    /** Every pin of the content. */
    public List<Pin> of(Cid cid) throws IOException {
        return list(cid.toV1() + ".");
    }

    /**
     * Every pin, in the order of identifiers and names.
     *
     * @throws DamagedPinException if a pin's file is not what was written
     */
    public List<Pin> all() throws IOException {
        return list("b");
    }

    private List<Pin> list(String prefix) throws IOException {
        List<Pin> pins = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.getFileName().toString().startsWith(prefix)) {
                    read(file).ifPresent(pins::add);
                }
            }
        }
        pins.sort(ORDER);
        return pins;
    }

    private static Optional<Pin> read(Path file) throws IOException {
        try {
            return Optional.of(PinFile.decode(file, new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** When a pin was last added, replaced or removed, by any process, as the file system tells it. */
    FileTime changed() throws IOException {
        return Files.getLastModifiedTime(folder);
    }
}
