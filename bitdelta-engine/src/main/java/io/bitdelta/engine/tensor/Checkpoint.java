package io.bitdelta.engine.tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The tensors of a model: a safetensors file, or a folder with {@code model.safetensors} or with shards and their
 * {@code *.safetensors.index.json}. Files are memory-mapped: opening reads headers only. Immutable and safe for use by
 * several threads; closing invalidates every tensor's segment.
 */
public final class Checkpoint implements AutoCloseable {
    private static final String INDEX_SUFFIX = ".safetensors.index.json";
    private static final String SUFFIX = ".safetensors";

    /** Orders names by their UTF-8 bytes, as every hash and layout does. */
    public static final Comparator<String> NAME_ORDER = (left, right) ->
            Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

    private final Path path;
    private final List<Path> files;
    private final Arena arena;
    private final SortedMap<String, Tensor> tensors;

    private Checkpoint(Path path, List<Path> files, Arena arena, SortedMap<String, Tensor> tensors) {
        this.path = path;
        this.files = List.copyOf(files);
        this.arena = arena;
        this.tensors = Collections.unmodifiableSortedMap(tensors);
    }

    /**
     * Opens a file or a folder.
     *
     * @throws MissingCheckpointException if there is nothing to open
     * @throws UnfinishedChangeException if a change in place was cut off
     * @throws MalformedSafetensorsException if a file is not a safetensors file
     * @throws ShardIndexException if index and shards disagree
     * @throws DuplicateTensorException if two shards hold the same name
     * @throws IOException if reading fails
     */
    public static Checkpoint open(Path path) throws IOException {
        Checkpoint checkpoint = openUnfinished(path);
        Path journal = checkpoint.journal();
        if (Files.exists(journal)) {
            checkpoint.close();
            throw new UnfinishedChangeException(path, journal, "a change in place was cut off");
        }
        return checkpoint;
    }

    /** As {@link #open}, even if a change in place was cut off: for whoever is to finish it. */
    public static Checkpoint openUnfinished(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            return open(path, arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static Checkpoint open(Path path, Arena arena) throws IOException {
        Path entry = entryFile(path);
        boolean sharded = fileName(entry).endsWith(INDEX_SUFFIX);
        Map<String, Path> index = sharded ? ShardIndex.read(entry) : Map.of();
        List<Path> files = sharded ? index.values().stream().distinct().sorted().toList() : List.of(entry);
        SortedMap<String, Tensor> tensors = new TreeMap<>(NAME_ORDER);
        for (Path file : files) {
            SafetensorsFile mapped = SafetensorsFile.map(file, SafetensorsFile.MAX_HEADER, arena);
            for (SafetensorsHeader.Entry header : mapped.header().entries()) {
                Tensor before = tensors.putIfAbsent(header.name(), mapped.tensor(header));
                if (before != null) {
                    throw new DuplicateTensorException(header.name(), before.file(), file);
                }
            }
        }
        for (Map.Entry<String, Path> expected : index.entrySet()) {
            Tensor tensor = tensors.get(expected.getKey());
            if (tensor == null || !tensor.file().equals(expected.getValue())) {
                throw new ShardIndexException(
                        entry,
                        "tensor " + expected.getKey() + " is not in " + expected.getValue() + " as the index says");
            }
        }
        return new Checkpoint(path, files, arena, tensors);
    }

    private static Path entryFile(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            Path single = path.resolve("model" + SUFFIX);
            List<Path> indexes = list(path, INDEX_SUFFIX);
            if (indexes.size() == 1) {
                return indexes.getFirst();
            }
            if (Files.exists(single)) {
                return single;
            }
            List<Path> candidates = list(path, SUFFIX);
            if (candidates.size() == 1 && indexes.isEmpty()) {
                return candidates.getFirst();
            }
            throw new MissingCheckpointException(
                    path,
                    candidates.isEmpty()
                            ? "no safetensors file in this folder"
                            : "several safetensors files and no single index; name one of " + candidates);
        }
        if (!Files.exists(path)) {
            throw new MissingCheckpointException(path, "no such file or folder");
        }
        return path;
    }

    private static List<Path> list(Path folder, String suffix) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file -> fileName(file).endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private static String fileName(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }

    /** What was opened. */
    public Path path() {
        return path;
    }

    /** The safetensors files behind it, in name order. */
    public List<Path> files() {
        return files;
    }

    /** Where a change in place keeps what it is about to overwrite: beside the first file. */
    public Path journal() {
        Path first = files.isEmpty() ? path : files.getFirst();
        return first.resolveSibling(fileName(first) + ".bitdelta-journal");
    }

    /** All tensors in the byte order of their names. */
    public Collection<Tensor> tensors() {
        return tensors.values();
    }

    /** The tensor of that name. */
    public Optional<Tensor> tensor(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /** The bytes of all tensors together. */
    public long bytes() {
        return tensors.values().stream().mapToLong(t -> t.data().byteSize()).sum();
    }

    @Override
    public void close() {
        arena.close();
    }
}
