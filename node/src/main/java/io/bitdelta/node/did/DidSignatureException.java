package io.bitdelta.node.did;

import io.bitdelta.attestation.bytes.EvmAddress;

/** A change that is not signed by whoever controls the identity, or no longer for its next change. */
public final class DidSignatureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DidSignatureException(EvmAddress identity, String controller, String signer) {
        super("the change of %s is signed by %s for its next nonce, but %s controls it: prepare and sign it anew"
                .formatted(identity, signer, controller));
    }
}
