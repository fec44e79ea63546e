package io.bitdelta.node.royalty.ledger;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import java.math.BigInteger;

/**
 * What one leaf of a soup's weights has come to in one token.
 *
 * @param soupId the soup
 * @param leaf position in the weights tree
 * @param start first billionth of the interval
 * @param end one past the last
 * @param token in what
 * @param earned lifetime share of what the soup received
 * @param claimed drawn so far
 * @param claimable can be drawn now
 * @param pullable could be drawn on top, once child soups' shares are pulled
 */
public record ShareBalance(
        Bytes32 soupId,
        long leaf,
        long start,
        long end,
        EvmAddress token,
        BigInteger earned,
        BigInteger claimed,
        BigInteger claimable,
        BigInteger pullable) {}
