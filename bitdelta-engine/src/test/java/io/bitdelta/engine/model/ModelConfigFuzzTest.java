package io.bitdelta.engine.model;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.engine.fuzz.Decoding;
import java.io.IOException;
import tools.jackson.databind.json.JsonMapper;

class ModelConfigFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void config(byte[] bytes) throws IOException {
        Decoding.check(() -> {
            ModelConfig config =
                    ConfigReader.parse(Decoding.FILE, bytes, JsonMapper.shared().createObjectNode());
            double[] frequencies = config.rope().frequencies(2);
            if (!Double.isFinite(frequencies[0])) {
                throw new AssertionError("a frequency of " + frequencies[0]);
            }
        });
    }
}
