package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.manifest.EvidenceBundle;
import java.time.Instant;

/**
 * A publication that is signed and attested; only the chain does not know it.
 *
 * @param prepared what is published
 * @param bundle evidence and signature, stored
 * @param digest of the bundle
 * @param evidenceCid where the bundle is
 * @param status what the appraisal said
 */
public record Attested(Prepared prepared, EvidenceBundle bundle, Bytes32 digest, String evidenceCid, String status) {
    /** Chain time in Unix seconds after which it must not be sent: the end of evidence, collateral or signature. */
    long notAfter() {
        long collateral =
                bundle.appraisal().validUntil().map(Instant::getEpochSecond).orElse(Long.MAX_VALUE);
        return Math.min(
                collateral,
                Math.min(bundle.statement().expiry(), bundle.publish().deadline()));
    }
}
