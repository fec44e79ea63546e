package io.bitdelta.attestation.evidence.dcap;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.attestation.fuzz.JudgedSample;

class CollateralFuzzTest {
    private static final JudgedSample TD15 = JudgedSample.read("td15");

    /** TCB info, identity of the quoting enclave, its signer's chain, the two revocation lists. */
    @FuzzTest(maxDuration = "10m")
    void collateral(byte[] bytes) {
        TD15.checkEndorsement(bytes);
    }
}
