package io.bitdelta.node.chain;

/**
 * One signed form of an intended transaction.
 *
 * @param hash of the transaction
 * @param ordinal 0 for the first
 * @param cancels whether it is an empty transaction with the same nonce
 * @param signedBytes 0x-hex
 * @param fee what it offers
 * @param signedAtMs wall-clock milliseconds
 */
record Attempt(String hash, int ordinal, boolean cancels, String signedBytes, Fee fee, long signedAtMs) {}
