package io.bitdelta.attestation.typed;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;

/**
 * The EIP-712 domain of one contract, version "1".
 *
 * @param name the contract's name, e.g. {@code BitDeltaRegistry}
 * @param chainId the chain, at least 1
 * @param contract the verifying contract (a proxy's own address)
 */
public record Eip712Domain(String name, long chainId, EvmAddress contract) {
    private static final Bytes32 TYPE_HASH =
            Keccak256.ofText("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    private static final Bytes32 VERSION = Keccak256.ofText("1");

    /** Refuses a blank name and chain ids below 1. */
    public Eip712Domain {
        if (name.isBlank()) {
            throw new IllegalArgumentException("blank EIP-712 domain name");
        }
        if (chainId < 1) {
            throw new IllegalArgumentException("chain id " + chainId + " is below 1");
        }
    }

    /** The domain separator. */
    public Bytes32 separator() {
        return new AbiWords()
                .word(TYPE_HASH)
                .word(Keccak256.ofText(name))
                .word(VERSION)
                .uint(chainId)
                .address(contract)
                .keccak();
    }
}
