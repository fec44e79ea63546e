package io.bitdelta.engine.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.engine.fuzz.Decoding;
import java.io.IOException;

class AdapterConfigFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void adapterConfig(byte[] bytes) throws IOException {
        Decoding.check(() -> {
            double scaling = AdapterConfig.parse(Decoding.FILE, bytes).scaling("model.layers.0.mlp.up_proj", 8);
            if (!(scaling > 0)) {
                throw new AssertionError("a scaling of " + scaling);
            }
        });
    }
}
