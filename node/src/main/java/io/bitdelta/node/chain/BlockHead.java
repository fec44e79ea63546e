package io.bitdelta.node.chain;

import java.math.BigInteger;

/**
 * The parts of a block header that following a chain needs.
 *
 * @param number height
 * @param hash 0x-hex
 * @param parentHash 0x-hex
 * @param timestamp seconds since the epoch
 * @param baseFeeWei base fee per gas, 0 before EIP-1559
 */
public record BlockHead(long number, String hash, String parentHash, long timestamp, BigInteger baseFeeWei) {}
