package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.typed.SoupConsentMessage;

/**
 * What a member's owner is asked to sign.
 *
 * @param intent the soup's idempotency key
 * @param name what its proposer calls it
 * @param identity whose delta it is, and who will be paid
 * @param message names the delta, the soup's terms and until when the consent holds
 * @param given whether the signature is there
 */
public record ConsentRequest(
        String intent, String name, EvmAddress identity, SoupConsentMessage message, boolean given) {}
