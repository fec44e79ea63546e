package io.bitdelta.engine.soup;

import io.bitdelta.engine.commit.AbiWords;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Tags;

/**
 * What is proposed on chain (FORMATS section 7).
 *
 * @param baseHash weights hash of the base
 * @param layoutHash hash of the members' sign objects
 * @param membersRoot root of {@link MemberTree}
 * @param signsRoot root of the result's signs, identity 0 and salt 0
 * @param abstainRoot root of its abstentions, zero under majority
 * @param scalesRoot root of its scales
 * @param weightsRoot root of {@link WeightTree}
 * @param manifestDigest SHA-256 of the soup's manifest block
 * @param members number of members, uint32
 * @param byzantine how many may be hostile, uint32
 * @param payees leaves of the weight tree, uint32
 * @param nSigns sign leaves, uint32
 * @param nScales scale leaves, uint32
 * @param epsilonCapMilli cap on members' epsilon, uint24
 * @param rule {@link SoupRule#code()}, uint8
 * @param weightsRule 1 uniform, 2 attested, uint8
 * @param requiredFlags flags that members must have, uint8
 * @param snapshot the moment as of which members qualify, uint40
 */
public record SoupHeader(
        Hash32 baseHash,
        Hash32 layoutHash,
        Hash32 membersRoot,
        Hash32 signsRoot,
        Hash32 abstainRoot,
        Hash32 scalesRoot,
        Hash32 weightsRoot,
        Hash32 manifestDigest,
        long members,
        long byzantine,
        long payees,
        long nSigns,
        long nScales,
        int epsilonCapMilli,
        int rule,
        int weightsRule,
        int requiredFlags,
        long snapshot) {
    /** Checks that every number fits its type. */
    public SoupHeader {
        fits("members", members, 32);
        fits("byzantine", byzantine, 32);
        fits("payees", payees, 32);
        fits("nSigns", nSigns, 32);
        fits("nScales", nScales, 32);
        fits("epsilonCapMilli", epsilonCapMilli, 24);
        fits("rule", rule, 8);
        fits("weightsRule", weightsRule, 8);
        fits("requiredFlags", requiredFlags, 8);
        fits("snapshot", snapshot, 40);
    }

    private static void fits(String field, long value, int bits) {
        if (value < 0 || value >= 1L << bits) {
            throw new IllegalArgumentException("%s = %d is not a uint%d".formatted(field, value, bits));
        }
    }

    /** {@code E(fields in this order)}. */
    public byte[] encode() {
        return words().bytes();
    }

    private AbiWords words() {
        return new AbiWords()
                .bytes32(baseHash)
                .bytes32(layoutHash)
                .bytes32(membersRoot)
                .bytes32(signsRoot)
                .bytes32(abstainRoot)
                .bytes32(scalesRoot)
                .bytes32(weightsRoot)
                .bytes32(manifestDigest)
                .uint(members)
                .uint(byzantine)
                .uint(payees)
                .uint(nSigns)
                .uint(nScales)
                .uint(epsilonCapMilli)
                .uint(rule)
                .uint(weightsRule)
                .uint(requiredFlags)
                .uint(snapshot);
    }

    /** The soup's key: bound to chain, contract and proposer (20 bytes each for the latter two). */
    public Hash32 soupId(long chainId, byte[] contract20, byte[] proposer20) {
        return new AbiWords()
                .bytes32(Tags.tag("soup"))
                .uint(chainId)
                .address(contract20)
                .address(proposer20)
                .bytes32(words().hash())
                .hash();
    }
}
