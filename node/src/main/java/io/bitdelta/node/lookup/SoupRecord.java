package io.bitdelta.node.lookup;

/**
 * A proposed soup as the index knows it; hashes are 0x-hex.
 *
 * @param soupId the contract's key
 * @param proposer whose bond stands behind it
 * @param baseHash weights hash of the base
 * @param manifestDigest SHA-256 of the manifest block
 * @param members how many deltas are in it
 * @param block where it was proposed
 * @param tx proposing transaction
 */
public record SoupRecord(
        String soupId, String proposer, String baseHash, String manifestDigest, long members, long block, String tx) {}
