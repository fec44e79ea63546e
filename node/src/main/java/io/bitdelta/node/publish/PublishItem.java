package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.typed.DeltaStruct;
import org.jspecify.annotations.Nullable;

/**
 * A signed publication in a lane.
 *
 * @param delta what is published
 * @param prev head of (identity, base) that the owner signed for
 * @param evidenceDigest digest of the stored bundle
 * @param deadline of the signature, Unix seconds
 * @param signature the owner's, 65 bytes 0x-hex
 * @param lane the node's account that the identity made its delegate
 * @param notAfter chain time in Unix seconds after which it must not be sent
 * @param state where it stands
 * @param alone whether it goes in a transaction of its own, because one with others failed
 * @param purpose the outbox's key of its transaction
 * @param failure why it was given up
 */
record PublishItem(
        DeltaStruct delta,
        Bytes32 prev,
        Bytes32 evidenceDigest,
        long deadline,
        String signature,
        String lane,
        long notAfter,
        State state,
        boolean alone,
        @Nullable String purpose,
        @Nullable String failure) {
    /** Where an item stands. The names are stored. */
    enum State {
        /** In the lane. */
        WAITING,
        /** In a transaction. */
        SENT,
        /** On the chain. */
        DONE,
        /** Refused; the owner must sign again or give up. */
        FAILED
    }
}
