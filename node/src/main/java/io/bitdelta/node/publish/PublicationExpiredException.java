package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;

/** Evidence or signature of a publication ended before the chain took it. */
public final class PublicationExpiredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PublicationExpiredException(Bytes32 deltaId, long notAfter) {
        super(
                "publication of %s: evidence and signature were valid until %d of chain time: ask for it again and sign anew"
                        .formatted(deltaId, notAfter));
    }
}
