package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.Secp256k1Key;

/** Whoever holds an identity's key. The node never stores it; it asks for signatures over EIP-712 digests. */
public interface OwnerSigner {
    /** The identity: 20-byte address, lowercase 0x-hex. */
    String address();

    /** Signs an EIP-712 digest. */
    EvmSignature sign(Bytes32 digest);

    /** An account whose key is here: the node's own. */
    static OwnerSigner of(Secp256k1Key key) {
        return new OwnerSigner() {
            @Override
            public String address() {
                return key.address().hex();
            }

            @Override
            public EvmSignature sign(Bytes32 digest) {
                return key.sign(digest);
            }
        };
    }
}
