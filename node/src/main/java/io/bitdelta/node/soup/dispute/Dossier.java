package io.bitdelta.node.soup.dispute;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.commit.ChunkProof;
import io.bitdelta.engine.commit.DeltaLeaves;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.LeafKind;
import io.bitdelta.engine.soup.MemberTree;
import io.bitdelta.engine.soup.SoupHeader;
import io.bitdelta.node.config.TemporaryFolder;
import io.bitdelta.node.soup.SoupsContract;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;

/**
 * All that a soup claims and all that its members published, each byte checked against the chain: members tree, members'
 * commitments, and the result's roots. Whether the result is the members' vote is what a {@link Recount} finds out.
 */
public final class Dossier implements AutoCloseable {
    private static final byte[] NOBODY = new byte[EvmAddress.LENGTH];

    private final SoupsContract.Proposal proposal;
    private final MemberTree members;
    private final List<Ballot> ballots;
    private final DeltaFile result;
    private final TemporaryFolder folder;

    Dossier(
            SoupsContract.Proposal proposal,
            MemberTree members,
            List<Ballot> ballots,
            DeltaFile result,
            TemporaryFolder folder) {
        this.proposal = proposal;
        this.members = members;
        this.ballots = List.copyOf(ballots);
        this.result = result;
        this.folder = folder;
    }

    /** The soup's key on chain. */
    public Bytes32 soupId() {
        return proposal.soupId();
    }

    /** What it claims. */
    public SoupHeader header() {
        return proposal.header();
    }

    /** Whose bond stands behind it. */
    public EvmAddress proposer() {
        return proposal.proposer();
    }

    MemberTree members() {
        return members;
    }

    List<Ballot> ballots() {
        return ballots;
    }

    DeltaFile result() {
        return result;
    }

    /** Where the fetched files lie, until this is closed. */
    Path folder() {
        return folder.path();
    }

    /** The members' true words at a place, in member order. */
    public List<BigInteger> words(LeafKind tree, long chunk, int position) {
        return ballots.stream()
                .map(ballot -> ballot.word(tree, chunk, position))
                .toList();
    }

    /** A chunk of the result, under identity 0 and salt 0. */
    public ChunkProof resultChunk(LeafKind tree, long chunk) {
        return ChunkProof.of(result, tree, chunk, NOBODY, Hash32.ZERO);
    }

    /** All leaves of one of the result's trees. */
    List<Hash32> resultLeaves(LeafKind tree) {
        return DeltaLeaves.of(result, tree, NOBODY, Hash32.ZERO);
    }

    /** Deletes the fetched files. */
    @Override
    public void close() throws IOException {
        ballots.forEach(ballot -> ballot.file().close());
        result.close();
        folder.close();
    }
}
