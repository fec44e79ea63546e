package io.bitdelta.attestation.evidence;

import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.evidence.dcap.DcapVerifier;
import io.bitdelta.attestation.evidence.nitro.NitroVerifier;
import io.bitdelta.attestation.evidence.nvidia.NvidiaVerifier;
import io.bitdelta.attestation.evidence.nvidia.RimVerifier;
import io.bitdelta.attestation.evidence.snp.SnpVerifier;
import io.bitdelta.attestation.evidence.software.SoftwareVerifier;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.util.List;

/** The appraiser of every technology that this module knows. */
public final class StandardAppraiser {
    private StandardAppraiser() {}

    /** All technologies, with the vendors' pinned roots and development evidence of any key. */
    public static Appraiser create() {
        return create(TrustAnchors.vendors());
    }

    /** All technologies with other roots. */
    public static Appraiser create(TrustAnchors anchors) {
        return new Appraiser(List.of(
                new DcapVerifier(anchors),
                new NitroVerifier(anchors),
                SoftwareVerifier.anyKey(),
                new NvidiaVerifier(anchors),
                new RimVerifier(anchors),
                new SnpVerifier(anchors)));
    }
}
