package io.bitdelta.node.soup.dispute;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.engine.commit.ChunkProof;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.LeafKind;
import io.bitdelta.engine.commit.MerkleTree;
import io.bitdelta.engine.soup.SoupRule;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.engine.soup.WordTree;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.TxRequest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Answers demands on soups that were proposed here. Silence would lose the bond, honest or not. */
public final class Defender {
    /** The contract wants descendants this many levels down, or the leaves. */
    private static final int SHOWN_LEVELS = 5;

    private static final int MEMBERS_TREE = 3;
    private static final int WEIGHTS_TREE = 4;

    private final DisputeContract contract;
    private final Outbox outbox;

    /** @param outbox sends the answers; anybody may, the reward is the proposer's */
    public Defender(DisputeContract contract, Outbox outbox) {
        this.contract = contract;
        this.outbox = outbox;
    }

    /**
     * Answers every open demand on a soup, and settles what nobody rebutted in time.
     *
     * @param weights the soup's weights tree
     * @param fromBlock where the soup was proposed
     * @return the transactions sent, in order
     * @throws io.bitdelta.node.chain.RevertedException when an answer is refused: the soup is wrong there
     */
    public List<OutboxEntry> answerAll(Dossier dossier, WeightTree weights, long fromBlock) {
        List<OutboxEntry> sent = new ArrayList<>();
        long now = contract.chainTime();
        for (DisputeCase demand : contract.cases(dossier.soupId(), fromBlock)) {
            BigInteger id = demand.id();
            if (demand.status() == DisputeCase.Status.DEMANDED && demand.deadline() >= now) {
                sent.add(send("answer", dossier.soupId(), id, answer(demand, dossier, weights, fromBlock)));
            } else if (demand.status() == DisputeCase.Status.ANSWERED && demand.deadline() < now) {
                sent.add(send("settle", dossier.soupId(), id, contract.settle(id)));
            }
        }
        return sent;
    }

    private OutboxEntry send(String what, Bytes32 soupId, BigInteger caseId, String calldata) {
        return outbox.execute(
                TxRequest.call("%s %s case %d".formatted(what, soupId, caseId), contract.address(), calldata));
    }

    private String answer(DisputeCase demand, Dossier dossier, WeightTree weights, long fromBlock) {
        return switch (demand.kind()) {
            case VOTE -> vote(demand, dossier);
            case WORD -> word(demand, dossier, fromBlock);
            case MEMBER -> member(demand, dossier, weights);
            case WEIGHT -> weight(demand, dossier, weights);
            case NODE -> contract.show(demand.id(), descendants(demand, dossier, weights));
            case NONE -> throw new IllegalStateException("case %d is of no kind".formatted(demand.id()));
        };
    }

    private String vote(DisputeCase demand, Dossier dossier) {
        LeafKind tree = tree(demand);
        boolean certified = dossier.header().rule() == SoupRule.CERTIFIED.code() && tree == LeafKind.SIGNS;
        Optional<ChunkProof> abstain =
                certified ? Optional.of(dossier.resultChunk(LeafKind.ABSTAIN, demand.index())) : Optional.empty();
        return contract.answer(
                demand.id(),
                dossier.header(),
                dossier.words(tree, demand.index(), demand.position()),
                dossier.resultChunk(tree, demand.index()),
                abstain);
    }

    private String word(DisputeCase demand, Dossier dossier, long fromBlock) {
        DisputeCase vote = contract.read(demand.parent());
        LeafKind tree = tree(vote);
        List<BigInteger> words = contract.answerOf(vote, fromBlock)
                .map(ChainClient.Sent::input)
                .flatMap(input -> AnsweredWords.of(input, dossier.header().members()))
                .orElseGet(() -> dossier.words(tree, vote.index(), vote.position()));
        Ballot member = dossier.ballots().get(Math.toIntExact(demand.index()));
        return contract.showWord(
                demand.id(),
                dossier.header(),
                member,
                dossier.members().proof(member.index()),
                words.get(member.index()),
                new WordTree(words).proof(member.index()),
                member.chunk(tree, vote.index()));
    }

    private String member(DisputeCase demand, Dossier dossier, WeightTree weights) {
        Ballot member = dossier.ballots().get(Math.toIntExact(demand.index()));
        return contract.showMember(
                demand.id(),
                dossier.header(),
                member,
                dossier.members().proof(member.index()),
                weights.proof(member.index()));
    }

    private String weight(DisputeCase demand, Dossier dossier, WeightTree weights) {
        int left = Math.toIntExact(demand.index());
        boolean last = left + 1 == weights.shares().size();
        int right = last ? left : left + 1;
        return contract.showWeight(
                demand.id(),
                dossier.header(),
                DisputeContract.weight(weights.shares().get(left)),
                weights.proof(left),
                DisputeContract.weight(weights.shares().get(right)),
                last ? List.of() : weights.proof(right));
    }

    private static List<Hash32> descendants(DisputeCase demand, Dossier dossier, WeightTree weights) {
        List<Hash32> leaves =
                switch (demand.tree()) {
                    case MEMBERS_TREE -> dossier.members().leaves();
                    case WEIGHTS_TREE -> weights.leaves();
                    default -> dossier.resultLeaves(resultTree(demand.tree()));
                };
        int level = demand.position();
        return MerkleTree.descendants(leaves, level, demand.index(), Math.min(SHOWN_LEVELS, level));
    }

    private static LeafKind resultTree(int code) {
        return Arrays.stream(LeafKind.values())
                .filter(kind -> kind.code() == code)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no tree has number " + code));
    }

    private static LeafKind tree(DisputeCase vote) {
        return vote.tree() == LeafKind.SCALES.code() ? LeafKind.SCALES : LeafKind.SIGNS;
    }
}
