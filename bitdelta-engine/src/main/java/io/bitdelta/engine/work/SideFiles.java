package io.bitdelta.engine.work;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a loader needs beside the weights: configuration and tokenizer, by their usual endings. */
public final class SideFiles {
    private SideFiles() {}

    /**
     * Copies them from a model's folder; does nothing if the model is a single file or the folder is the same.
     *
     * @throws IOException if reading or writing fails
     */
    public static void copy(Path model, Path outDir) throws IOException {
        if (!Files.isDirectory(model) || Files.isSameFile(model, outDir)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> entries = Files.list(model)) {
            files = entries.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path source : files) {
            String name = String.valueOf(source.getFileName());
            if (name.matches(".*\\.(json|model|jinja)|(vocab|merges)\\.txt")
                    && !name.endsWith(".safetensors.index.json")) {
                try (WholeFile copy = WholeFile.create(outDir.resolve(name))) {
                    copy.write(MemorySegment.ofArray(Files.readAllBytes(source)), 0);
                    copy.commit();
                }
            }
        }
    }
}
