package io.bitdelta.node.soup.dispute;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.LeafKind;
import io.bitdelta.engine.soup.WordTree;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.TxRequest;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds the proposer of a wrong soup to it: demands the wrong word, and proves which member's word was forged in the
 * answer. Every transaction has a purpose of its own, so repeating a step after a crash sends nothing twice.
 */
public final class Challenger {
    /** Cases that the contract lets be open at once on a soup. */
    private static final int MOST_CASES = 8;

    private final DisputeContract contract;
    private final Outbox outbox;

    /** @param outbox sends from the account that puts up bonds and earns rewards */
    public Challenger(DisputeContract contract, Outbox outbox) {
        this.contract = contract;
        this.outbox = outbox;
    }

    /**
     * A challenge on the chain.
     *
     * @param caseId the contract's number
     * @param bond wei at stake
     * @param transaction the demand
     */
    public record Challenge(BigInteger caseId, BigInteger bond, OutboxEntry transaction) {}

    /** What a case has come to. */
    public sealed interface Progress {
        /** The soup is slashed by this transaction. */
        record Slashed(OutboxEntry transaction, String how) implements Progress {}

        /** The proposer's turn, until a block time. */
        record Waiting(long deadline) implements Progress {}

        /** Every answered word is the member's: there was no fraud at this place. */
        record Answered() implements Progress {}

        /** The case is closed. */
        record Closed(DisputeCase.Status status) implements Progress {}
    }

    /**
     * Demands a recount of one word.
     *
     * @throws io.bitdelta.node.chain.RevertedException when the window is closed or too many cases are open
     */
    public Challenge challenge(Dossier dossier, Place place) {
        BigInteger bond =
                contract.demandBond(DisputeCase.Kind.VOTE, dossier.header().members());
        OutboxEntry sent = outbox.execute(new TxRequest(
                "challenge %s tree %d chunk %d word %d"
                        .formatted(dossier.soupId(), place.tree().code(), place.chunk(), place.word()),
                contract.address(),
                contract.challenge(dossier.soupId(), dossier.header(), place),
                bond));
        BigInteger caseId = contract.cases(dossier.soupId(), sent.block()).stream()
                .filter(known -> isMine(known, place))
                .findFirst()
                .map(DisputeCase::id)
                .orElseThrow(() -> new IllegalStateException("no case in " + sent.hash()));
        return new Challenge(caseId, sent.valueWei(), sent);
    }

    private boolean isMine(DisputeCase known, Place place) {
        return known.challenger().equals(EvmAddress.of(outbox.signer()))
                && known.kind() == DisputeCase.Kind.VOTE
                && known.tree() == place.tree().code()
                && known.index() == place.chunk()
                && known.position() == place.word();
    }

    /**
     * Does what can be done in a case now: rebuts a forged answer, or ends a case that was not answered in time.
     *
     * @param fromBlock where to look for the answer from; the block of the challenge
     * <p>Where the words of an answer cannot be read, members are asked for them, the most suspicious first and no more at
     * a time than the contract takes; call it again while it is {@link Progress.Waiting}.
     */
    public Progress pursue(BigInteger caseId, Dossier dossier, long fromBlock) {
        DisputeCase known = contract.read(caseId);
        return switch (known.status()) {
            case DEMANDED ->
                known.deadline() < contract.chainTime()
                        ? timeout(caseId, dossier)
                        : new Progress.Waiting(known.deadline());
            case ANSWERED -> rebut(known, dossier, fromBlock);
            case HELD, WON, NONE -> new Progress.Closed(known.status());
        };
    }

    private Progress timeout(BigInteger caseId, Dossier dossier) {
        OutboxEntry sent = outbox.execute(TxRequest.call(
                "timeout %s case %d".formatted(dossier.soupId(), caseId),
                contract.address(),
                contract.timeout(caseId, dossier.header())));
        return new Progress.Slashed(sent, "nobody answered");
    }

    private Progress rebut(DisputeCase vote, Dossier dossier, long fromBlock) {
        LeafKind tree = vote.tree() == LeafKind.SCALES.code() ? LeafKind.SCALES : LeafKind.SIGNS;
        List<BigInteger> truth = dossier.words(tree, vote.index(), vote.position());
        Optional<List<BigInteger>> answered = contract.answerOf(vote, fromBlock)
                .map(ChainClient.Sent::input)
                .flatMap(input -> AnsweredWords.of(input, truth.size()))
                .filter(words -> new WordTree(words).root().equals(contract.wordsRoot(vote.id())));
        if (answered.isEmpty()) {
            return demandWords(vote, dossier, tree, truth, fromBlock);
        }
        for (Ballot member : dossier.ballots()) {
            BigInteger claimed = answered.get().get(member.index());
            if (!claimed.equals(truth.get(member.index()))) {
                WordTree words = new WordTree(answered.get());
                return rebut(vote, dossier, member, tree, claimed, words.proof(member.index()));
            }
        }
        return new Progress.Answered();
    }

    private Progress rebut(
            DisputeCase vote,
            Dossier dossier,
            Ballot member,
            LeafKind tree,
            BigInteger claimed,
            List<Hash32> wordProof) {
        OutboxEntry sent = outbox.execute(TxRequest.call(
                "rebut %s case %d member %d".formatted(dossier.soupId(), vote.id(), member.index()),
                contract.address(),
                contract.rebut(
                        vote.id(),
                        dossier.header(),
                        member,
                        dossier.members().proof(member.index()),
                        claimed,
                        wordProof,
                        member.chunk(tree, vote.index()))));
        return new Progress.Slashed(
                sent, "the word of member %d is not what it had committed to".formatted(member.index()));
    }

    /** The answer came through another contract, so its words cannot be read: let members' words be shown. */
    private Progress demandWords(
            DisputeCase vote, Dossier dossier, LeafKind tree, List<BigInteger> truth, long fromBlock) {
        long now = contract.chainTime();
        List<DisputeCase> cases = contract.cases(dossier.soupId(), fromBlock);
        List<DisputeCase> words = cases.stream()
                .filter(known ->
                        known.kind() == DisputeCase.Kind.WORD && known.parent().equals(vote.id()))
                .toList();
        for (DisputeCase word : words) {
            if (word.status() == DisputeCase.Status.DEMANDED && word.deadline() < now) {
                return timeout(word.id(), dossier);
            }
        }
        Set<Long> asked = words.stream().map(DisputeCase::index).collect(Collectors.toSet());
        BigInteger claimed = new BigInteger(
                1,
                dossier.resultChunk(tree, vote.index())
                        .chunk()
                        .get(vote.position())
                        .bytes());
        long room = MOST_CASES - cases.stream().filter(DisputeCase::open).count();
        List<Integer> next = Suspects.ranked(tree, truth, claimed).stream()
                .filter(member -> !asked.contains((long) member))
                .limit(Math.max(0, room))
                .toList();
        boolean waiting = words.stream().anyMatch(DisputeCase::open);
        if (next.isEmpty() && !waiting) {
            return new Progress.Answered();
        }
        BigInteger bond =
                contract.demandBond(DisputeCase.Kind.WORD, dossier.header().members());
        for (int member : next) {
            outbox.execute(new TxRequest(
                    "demand word %s case %d member %d".formatted(dossier.soupId(), vote.id(), member),
                    contract.address(),
                    contract.demandWord(vote.id(), dossier.header(), member),
                    bond));
        }
        return new Progress.Waiting(contract.read(vote.id()).deadline());
    }

    /** Sends what the contract holds for this account, if anything. */
    public Optional<OutboxEntry> withdraw(Bytes32 soupId) {
        EvmAddress self = EvmAddress.of(outbox.signer());
        String purpose = "withdraw after " + soupId;
        Optional<OutboxEntry> before = outbox.find(purpose);
        if (before.isPresent() && before.get().state().isFinal()) {
            return before;
        }
        if (before.isEmpty() && contract.credit(self).signum() == 0) {
            return Optional.empty();
        }
        return Optional.of(outbox.execute(TxRequest.call(purpose, contract.address(), contract.withdraw(self))));
    }
}
