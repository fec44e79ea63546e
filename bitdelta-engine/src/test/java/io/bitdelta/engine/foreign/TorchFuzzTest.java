package io.bitdelta.engine.foreign;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.engine.EngineInputException;
import io.bitdelta.engine.foreign.Pickle.TorchTensor;
import io.bitdelta.engine.fuzz.Decoding;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class TorchFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void archive(byte[] bytes) throws IOException {
        Path file = Files.createTempFile(Decoding.FILE.toString(), ".pt");
        try {
            Files.write(file, bytes);
            Decoding.check(() -> everyTensor(file));
        } finally {
            Files.delete(file);
        }
    }

    private static void everyTensor(Path file) throws IOException {
        try (TorchArchive archive = TorchArchive.open(file);
                Arena arena = Arena.ofConfined()) {
            for (Map.Entry<String, TorchTensor> entry : archive.tensors().entrySet()) {
                try {
                    archive.numbers(entry.getKey(), entry.getValue(), arena);
                } catch (EngineInputException refused) {
                    // One refused tensor must not hide the next one from the fuzzer.
                    if (!String.valueOf(refused.getMessage()).contains(file.toString())) {
                        throw new AssertionError("the refusal does not name the file", refused);
                    }
                }
            }
        }
    }
}
