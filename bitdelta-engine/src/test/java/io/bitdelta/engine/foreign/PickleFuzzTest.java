package io.bitdelta.engine.foreign;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.engine.fuzz.Decoding;
import java.io.IOException;

class PickleFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void pickle(byte[] bytes) throws IOException {
        Decoding.check(() -> Pickle.tensors(Decoding.FILE, bytes));
    }
}
