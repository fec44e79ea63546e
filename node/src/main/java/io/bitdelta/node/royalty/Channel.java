package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;

/**
 * Who pays whom in what: cumulative amounts run along a channel.
 *
 * @param soupId who is paid
 * @param token the ERC-20, or the zero address
 * @param payer who pays
 */
public record Channel(Bytes32 soupId, EvmAddress token, EvmAddress payer) {
    @Override
    public String toString() {
        return "soup %s, token %s, payer %s".formatted(soupId, token, payer);
    }
}
