package io.bitdelta.engine.tensor;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Sha256;
import io.bitdelta.engine.work.WholeFile;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Remembers the weights hash of checkpoints whose files have not changed: one small file per checkpoint, named for the
 * SHA-256 of the identity, size and modification time of each of its files. A checkpoint that was rewritten has another
 * name here; a damaged note is ignored and written anew.
 */
public final class WeightsHashCache {
    private final Path folder;

    /** A cache in a folder, which is created when the first note is written. */
    public WeightsHashCache(Path folder) {
        this.folder = folder;
    }

    /** The remembered hash, or the hash computed and remembered. */
    public Hash32 hash(Checkpoint checkpoint, Workers workers, Progress progress) throws IOException {
        Optional<Hash32> known = find(checkpoint);
        if (known.isPresent()) {
            progress.advance(checkpoint.bytes());
            return known.get();
        }
        Hash32 hash = WeightsHash.of(checkpoint, workers, progress);
        remember(checkpoint, hash);
        return hash;
    }

    /** The remembered hash. */
    public Optional<Hash32> find(Checkpoint checkpoint) throws IOException {
        Path note = folder.resolve(key(checkpoint));
        if (Files.isRegularFile(note) && Files.size(note) < 128) {
            String text = Files.readString(note, StandardCharsets.US_ASCII);
            if (text.matches("0x[0-9a-f]{64}")) {
                return Optional.of(Hash32.ofHex(text));
            }
        }
        return Optional.empty();
    }

    /** Notes a hash that was computed from this checkpoint's bytes. */
    public void remember(Checkpoint checkpoint, Hash32 hash) throws IOException {
        Files.createDirectories(folder);
        try (WholeFile file = WholeFile.create(folder.resolve(key(checkpoint)))) {
            file.write(MemorySegment.ofArray(hash.hex().getBytes(StandardCharsets.US_ASCII)), 0);
            file.commit();
        }
    }

    private static String key(Checkpoint checkpoint) throws IOException {
        StringBuilder identity = new StringBuilder();
        for (Path file : checkpoint.files()) {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            identity.append(file.toRealPath())
                    .append('\n')
                    .append(attributes.fileKey())
                    .append('\n')
                    .append(attributes.size())
                    .append('\n')
                    .append(attributes.lastModifiedTime().toInstant())
                    .append('\n');
        }
        byte[] bytes = identity.toString().getBytes(StandardCharsets.UTF_8);
        return new Sha256().update(bytes).finish().hex().substring(2);
    }
}
