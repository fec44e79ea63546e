package io.bitdelta.node.provenance;

import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.manifest.Manifest;
import java.util.Optional;

/** What a metering document and a manifest say of privacy, so that they can be compared. */
public final class MeteredPrivacy {
    private static final int MAX_METERING = 1 << 14;

    private MeteredPrivacy() {}

    /**
     * The claim in the metering document of a receipt.
     *
     * @throws io.bitdelta.attestation.json.JsonException when it is no canonical JSON
     * @throws ProvenanceException when its claim does not hold
     */
    public static Optional<PrivacyClaim> of(byte[] metering) {
        return JsonObject.of("metering", CanonicalJson.read(metering, MAX_METERING))
                .optionalObject("privacy")
                .map(PrivacyClaim::of);
    }

    /**
     * The claim in a manifest.
     *
     * @throws ProvenanceException when it does not hold
     */
    public static Optional<PrivacyClaim> of(Manifest manifest) {
        return manifest.privacy().claimed() ? manifest.section("privacy").map(PrivacyClaim::of) : Optional.empty();
    }
}
