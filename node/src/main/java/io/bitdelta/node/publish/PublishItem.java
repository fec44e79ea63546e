package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.manifest.EvidenceBundle;
import io.bitdelta.attestation.typed.DeltaStruct;
import org.jspecify.annotations.Nullable;

/**
 * A signed publication in a lane.
 *
 * @param deltaId the registry's key
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
        Bytes32 deltaId,
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

    /** The same, on the chain by a transaction. */
    PublishItem done(String by) {
        return new PublishItem(
                deltaId, delta, prev, evidenceDigest, deadline, signature, lane, notAfter, State.DONE, alone, by, null);
    }

    /** As it comes into a lane. */
    static PublishItem of(Attested attested, String lane) {
        EvidenceBundle bundle = attested.bundle();
        return new PublishItem(
                attested.prepared().deltaId(),
                attested.prepared().delta(),
                bundle.publish().prev(),
                attested.digest(),
                bundle.publish().deadline(),
                HexText.of(bundle.signature().bytes()),
                lane,
                attested.notAfter(),
                State.WAITING,
                false,
                null,
                null);
    }
}
