package io.bitdelta.engine.foreign;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.engine.fuzz.Decoding;
import java.io.IOException;

class BdltFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void blob(byte[] bytes) throws IOException {
        Decoding.check(() -> {
            BdltTensor tensor = BdltTensor.parse(Decoding.FILE, bytes);
            long count = tensor.shape().count();
            if (count > 0) {
                // The last bit that the shape promises is there.
                tensor.bit(count - 1);
            }
        });
    }
}
