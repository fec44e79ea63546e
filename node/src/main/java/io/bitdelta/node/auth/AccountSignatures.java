package io.bitdelta.node.auth;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;

/** Decides whether an account has signed a digest. Blocking. */
@FunctionalInterface
public interface AccountSignatures {
    /**
     * Whether {@code signature} is the account's: a key's own, or one that its contract accepts (EIP-1271).
     *
     * @param signature 65 bytes of a key; of a contract whatever it takes
     */
    boolean valid(EvmAddress account, Bytes32 digest, byte[] signature);
}
