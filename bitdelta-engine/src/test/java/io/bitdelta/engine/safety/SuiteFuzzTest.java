package io.bitdelta.engine.safety;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.engine.fuzz.Decoding;
import java.io.IOException;

class SuiteFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void suite(byte[] bytes) throws IOException {
        Decoding.check(() -> {
            Suite suite = SuiteFile.parse(Decoding.FILE, bytes);
            if (suite.items().isEmpty()) {
                throw new AssertionError("a suite without items");
            }
        });
    }
}
