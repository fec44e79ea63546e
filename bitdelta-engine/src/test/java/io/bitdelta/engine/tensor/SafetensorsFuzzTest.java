package io.bitdelta.engine.tensor;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.engine.fuzz.Decoding;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

class SafetensorsFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void header(byte[] bytes) throws IOException {
        Decoding.check(() -> {
            SafetensorsFile file =
                    SafetensorsFile.read(Decoding.FILE, SafetensorsFile.MAX_HEADER, MemorySegment.ofArray(bytes));
            // Every entry that passed the checks can be read from end to end.
            for (SafetensorsHeader.Entry entry : file.header().entries()) {
                if (file.tensor(entry).data().byteSize() != entry.end() - entry.begin()) {
                    throw new AssertionError("entry " + entry + " has other bytes than it says");
                }
            }
        });
    }
}
