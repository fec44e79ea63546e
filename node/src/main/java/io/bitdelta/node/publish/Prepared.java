package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.typed.DeltaStruct;
import io.bitdelta.attestation.typed.PublishMessage;

/**
 * A publication that needs nothing but the owner's signature.
 *
 * @param intent idempotency key
 * @param delta what goes on the chain
 * @param message what the owner signs
 * @param deltaCid where the delta file is
 * @param manifestCid where the manifest is
 * @param contentRoot owner-free commitment
 * @param dpParamsHash hash of the manifest's privacy parameters, zero without a claim
 * @param signed whether a bundle with the owner's signature of exactly this is stored already
 */
public record Prepared(
        String intent,
        DeltaStruct delta,
        PublishMessage message,
        String deltaCid,
        String manifestCid,
        Bytes32 contentRoot,
        Bytes32 dpParamsHash,
        boolean signed) {
    /** The registry's key. */
    public Bytes32 deltaId() {
        return delta.deltaId();
    }
}
