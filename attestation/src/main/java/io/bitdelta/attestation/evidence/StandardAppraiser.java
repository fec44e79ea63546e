package io.bitdelta.attestation.evidence;

import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.evidence.software.SoftwareVerifier;
import java.util.List;

/** The appraiser of every technology that this module knows. */
public final class StandardAppraiser {
    private StandardAppraiser() {}

    /** All technologies, with the vendors' pinned roots and development evidence of any key. */
    public static Appraiser create() {
        return new Appraiser(List.of(SoftwareVerifier.anyKey()));
    }
}
