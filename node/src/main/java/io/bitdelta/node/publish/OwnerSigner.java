package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.sign.EvmSignature;

/** Whoever holds an identity's key. The node never stores it; it asks for signatures over EIP-712 digests. */
public interface OwnerSigner {
    /** The identity: 20-byte address, lowercase 0x-hex. */
    String address();

    /** Signs an EIP-712 digest. */
    EvmSignature sign(Bytes32 digest);
}
