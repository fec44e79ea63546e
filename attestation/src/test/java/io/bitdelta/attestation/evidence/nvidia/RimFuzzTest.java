package io.bitdelta.attestation.evidence.nvidia;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.attestation.fuzz.JudgedSample;
import io.bitdelta.attestation.fuzz.Refusals;
import io.bitdelta.attestation.pki.PkiException;
import java.util.Arrays;

class RimFuzzTest {
    private static final JudgedSample HOPPER = JudgedSample.read("nvidia");

    /** Manifests of driver and VBIOS, OCSP responses and the device's chain, behind the byte that chooses one. */
    @FuzzTest(maxDuration = "10m")
    void endorsement(byte[] bytes) {
        boolean manifest = bytes.length > 0 && (bytes[0] & 0xff) < 2;
        // Judging costs a hundred times as much: a manifest that is none is reported as such, whatever is beside it.
        if (!manifest
                || Refusals.reads(
                        () -> Rim.parse(Arrays.copyOfRange(bytes, 1, bytes.length)),
                        Rim.RimException.class,
                        PkiException.class)) {
            HOPPER.checkEndorsement(bytes);
        }
    }
}
