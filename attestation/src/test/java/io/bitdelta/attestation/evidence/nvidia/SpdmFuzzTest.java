package io.bitdelta.attestation.evidence.nvidia;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.attestation.fuzz.JudgedSample;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class SpdmFuzzTest {
    /** Read when first needed: {@link #main} writes them. */
    private static final class Samples {
        private static final JudgedSample HOPPER = JudgedSample.read("nvidia");
    }

    /** A report as bytes, hexadecimal text or in the JSON of NVIDIA's tools. */
    @FuzzTest(maxDuration = "10m")
    void report(byte[] bytes) {
        Samples.HOPPER.checkEvidence(bytes);
    }

    /** Writes the sample and seeds anew: the argument is the folder of the test resources. */
    public static void main(String[] arguments) throws Exception {
        Path resources = Path.of(arguments[0], "io/bitdelta/attestation");
        NvidiaFixture fixture = new NvidiaFixture();
        fixture.blocks.keySet().removeIf(index -> index > 8);
        fixture.driverEntries = 4;
        fixture.allEntries = 8;
        byte[] json = fixture.evidence();
        JsonObject device = JsonObject.of(
                "evidence",
                ((io.bitdelta.attestation.json.JsonValue.Items) CanonicalJson.readAny(json, 1 << 20))
                        .items()
                        .getFirst());
        // The chain stands among the endorsements, so that a mutation of the report needs no base64.
        List<byte[]> endorsements = new ArrayList<>(fixture.endorsements());
        endorsements.add(device.base64("certificate"));
        Path inputs = resources.resolve("evidence/nvidia/SpdmFuzzTestInputs/report");
        JudgedSample.write(resources, "nvidia", fixture.anchors(), device.base64("evidence"), endorsements);
        JudgedSample.seed(inputs, "report", device.base64("evidence"));
        JudgedSample.seed(inputs, "json", json);
        JudgedSample.seeds(resources.resolve("evidence/nvidia/RimFuzzTestInputs/endorsement"), endorsements, 0);
    }
}
