package io.bitdelta.node.soup.dispute;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.engine.commit.AbiWords;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.MerkleTree;
import io.bitdelta.engine.commit.Tags;
import io.bitdelta.engine.soup.SoupHeader;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.node.soup.MemberList;
import io.bitdelta.node.soup.SoupsContract;
import java.util.ArrayList;
import java.util.List;

/**
 * What a soup says of its members and weights, as it says it: the roots are the header's, but ids may repeat and intervals
 * may overlap. Finding that out is what an {@link Inspector} is for.
 */
final class SoupPapers {
    private static final Hash32 MEMBER = Tags.tag("member");
    private static final Hash32 WEIGHT = Tags.tag("weight");

    private final SoupsContract.Proposal proposal;
    private final List<MemberList.Entry> members;
    private final List<WeightTree.Share> shares;
    private final List<Hash32> memberLeaves;
    private final List<Hash32> weightLeaves;

    /**
     * @param proposal the soup
     * @param members in the order of the members tree
     * @param shares in the order of the weights tree; empty when its proposer withholds weights that do not follow from
     *     the members
     */
    SoupPapers(SoupsContract.Proposal proposal, List<MemberList.Entry> members, List<WeightTree.Share> shares) {
        this.proposal = proposal;
        this.members = List.copyOf(members);
        this.shares = List.copyOf(shares);
        this.memberLeaves = memberLeaves(members);
        this.weightLeaves = weightLeaves(shares);
    }

    SoupsContract.Proposal proposal() {
        return proposal;
    }

    Bytes32 soupId() {
        return proposal.soupId();
    }

    SoupHeader header() {
        return proposal.header();
    }

    List<MemberList.Entry> members() {
        return members;
    }

    List<WeightTree.Share> shares() {
        return shares;
    }

    List<Hash32> memberProof(int index) {
        return MerkleTree.proof(memberLeaves, index);
    }

    List<Hash32> weightProof(int index) {
        return MerkleTree.proof(weightLeaves, index);
    }

    /** Leaves of ids in any order. */
    static List<Hash32> memberLeaves(List<MemberList.Entry> members) {
        List<Hash32> leaves = new ArrayList<>(members.size());
        for (MemberList.Entry member : members) {
            leaves.add(new AbiWords()
                    .bytes32(MEMBER)
                    .uint(leaves.size())
                    .bytes32(Hash32.of(member.deltaId().bytes()))
                    .hash());
        }
        return leaves;
    }

    /** Leaves of intervals that need not tile anything. */
    static List<Hash32> weightLeaves(List<WeightTree.Share> shares) {
        List<Hash32> leaves = new ArrayList<>(shares.size());
        for (WeightTree.Share share : shares) {
            leaves.add(new AbiWords()
                    .bytes32(WEIGHT)
                    .uint(leaves.size())
                    .uint(share.kind().code())
                    .bytes32(share.who())
                    .uint(share.start())
                    .uint(share.end())
                    .hash());
        }
        return leaves;
    }
}
