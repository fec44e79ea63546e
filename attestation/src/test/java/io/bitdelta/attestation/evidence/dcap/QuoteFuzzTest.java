package io.bitdelta.attestation.evidence.dcap;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.attestation.fuzz.JudgedSample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class QuoteFuzzTest {
    /** Read when first needed: {@link #main} writes them. */
    private static final class Samples {
        private static final JudgedSample SGX = JudgedSample.read("sgx");
        private static final JudgedSample TD10 = JudgedSample.read("td10");
        private static final JudgedSample TD15 = JudgedSample.read("td15");
    }

    @FuzzTest(maxDuration = "10m")
    void quote(byte[] bytes) {
        int version = bytes.length == 0 ? 0 : bytes[0];
        (version == 3 ? Samples.SGX : version == 4 ? Samples.TD10 : Samples.TD15).checkEvidence(bytes);
    }

    /** Writes the samples and seeds anew: the argument is the folder of the test resources. */
    public static void main(String[] arguments) throws IOException {
        Path resources = Path.of(arguments[0], "io/bitdelta/attestation");
        for (Map.Entry<String, DcapFixture> sample : Map.of(
                        "sgx", DcapFixture.sgx(), "td10", DcapFixture.tdx(), "td15", DcapFixture.tdx15())
                .entrySet()) {
            DcapFixture fixture = sample.getValue();
            List<byte[]> endorsements = fixture.endorsements();
            JudgedSample.write(resources, sample.getKey(), fixture.anchors(), fixture.quote(), endorsements);
            JudgedSample.seed(
                    resources.resolve("evidence/dcap/QuoteFuzzTestInputs/quote"), sample.getKey(), fixture.quote());
            if (sample.getKey().equals("td15")) {
                JudgedSample.seeds(
                        resources.resolve("evidence/dcap/CollateralFuzzTestInputs/collateral"), endorsements, 0);
            }
        }
    }
}
