package io.bitdelta.node.demo;

import io.bitdelta.engine.commit.ChunkProof;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.OtherParty;
import io.bitdelta.node.soup.SoupMember;
import io.bitdelta.node.soup.SoupService;
import io.bitdelta.node.soup.SoupsContract;
import io.bitdelta.node.soup.dispute.Challenger;
import io.bitdelta.node.soup.dispute.DisputeCase;
import io.bitdelta.node.soup.dispute.Dossier;
import io.bitdelta.node.soup.dispute.Place;
import io.bitdelta.node.soup.dispute.Recount;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A dishonest proposer and how it is caught: a soup whose signs are not its members' vote is proposed, recounted,
 * challenged, defended with forged votes, and slashed.
 *
 * <p>A story that was cut off goes on where it stood; one whose deadlines have passed in between is told anew.
 */
final class FraudStory {
    private static final String PARTY = "dishonest-proposer";

    private final LocalNode node;
    private final OtherParty villain;
    private SoupService.@Nullable Proposed fraud;
    private @Nullable Place place;
    private Challenger.@Nullable Challenge challenge;

    FraudStory(LocalNode node) throws IOException {
        this.node = node;
        this.villain = node.otherParty(PARTY);
    }

    /** Proposes a forged copy of an honest soup. */
    String plant(List<SoupMember> members, Path honestSoup) throws IOException {
        Path forged = node.folder().deltas().resolve("forged-soup.bitdelta.safetensors");
        String tensor = PlantedFraud.forge(honestSoup, forged);
        for (int attempt = 1; fraud == null; attempt++) {
            SoupService.Proposed proposed = villain.soups().proposeResult("demo fraud " + attempt, members, forged);
            if (canGoOn(proposed)) {
                fraud = proposed;
            }
        }
        return "%s proposes a soup of the same members with 64 signs of %s turned, soup %s, %s"
                .formatted(
                        villain.outbox().signer(), tensor, fraud.soupId(), DemoText.transaction(fraud.transaction()));
    }

    private boolean canGoOn(SoupService.Proposed proposed) {
        SoupsContract.Stored stored = node.soups().status(proposed.soupId());
        if (stored.status() != SoupsContract.Status.PROPOSED) {
            return stored.status() == SoupsContract.Status.SLASHED;
        }
        long now = node.chain().head().timestamp();
        List<DisputeCase> open = node
                .disputes()
                .cases(proposed.soupId(), proposed.transaction().block())
                .stream()
                .filter(DisputeCase::open)
                .toList();
        return open.isEmpty()
                ? now < stored.closesAt()
                : open.stream()
                        .anyMatch(known -> known.status() == DisputeCase.Status.DEMANDED || now <= known.deadline());
    }

    /** Recounts both soups and challenges the wrong one. */
    String recount(SoupService.Proposed honest) throws IOException {
        node.indexer().catchUp();
        try (Dossier dossier = node.dossiers().read(honest.soupId())) {
            Optional<Place> wrong = Recount.firstWrongWord(dossier);
            if (wrong.isPresent()) {
                throw new IllegalStateException("the honest soup is wrong at " + wrong.get());
            }
        }
        try (Dossier dossier = node.dossiers().read(fraud().soupId())) {
            Place wrong = Recount.firstWrongWord(dossier)
                    .orElseThrow(() -> new IllegalStateException("the planted fraud was not noticed"));
            Challenger.Challenge demanded = node.challenger().challenge(dossier, wrong);
            place = wrong;
            challenge = demanded;
            return "soup %s is its members' vote; soup %s is not: %s; challenged as case %d with a bond of %s wei, %s"
                    .formatted(
                            honest.soupId(),
                            fraud().soupId(),
                            wrong,
                            demanded.caseId(),
                            demanded.bond(),
                            DemoText.transaction(demanded.transaction()));
        }
    }

    /** The proposer defends itself: the chain takes no true words for a wrong result, so it forges some. */
    String defend() throws IOException {
        String purpose = "forged answer to case " + challenge().caseId();
        Optional<OutboxEntry> before = villain.outbox().find(purpose);
        try (Dossier dossier = node.dossiers().read(fraud().soupId())) {
            DisputeCase demand = node.disputes().read(challenge().caseId());
            boolean mayAnswer = demand.status() == DisputeCase.Status.DEMANDED
                    && node.chain().head().timestamp() < demand.deadline();
            if (before.isEmpty() && !mayAnswer) {
                return "the proposer did not answer in time";
            }
            List<BigInteger> truth = dossier.words(wrong().tree(), wrong().chunk(), wrong().word());
            String refusal = mayAnswer ? refusal(dossier, truth) : "";
            ChunkProof result = dossier.resultChunk(wrong().tree(), wrong().chunk());
            BigInteger claimed =
                    new BigInteger(1, result.chunk().get(wrong().word()).bytes());
            OutboxEntry forged = villain.outbox()
                    .execute(TxRequest.call(
                            purpose,
                            node.disputes().address(),
                            node.disputes()
                                    .answer(
                                            challenge().caseId(),
                                            dossier.header(),
                                            PlantedFraud.forgedWords(truth, claimed),
                                            result,
                                            Optional.empty())));
            return "%sthe proposer answers with forged votes, %s".formatted(refusal, DemoText.transaction(forged));
        }
    }

    /** What the chain itself says to the members' true words. */
    private String refusal(Dossier dossier, List<BigInteger> truth) {
        String honestAnswer = node.disputes()
                .answer(
                        challenge().caseId(),
                        dossier.header(),
                        truth,
                        dossier.resultChunk(wrong().tree(), wrong().chunk()),
                        Optional.empty());
        try {
            node.chain()
                    .preflight(
                            villain.outbox().signer(),
                            node.disputes().address(),
                            honestAnswer,
                            BigInteger.ZERO,
                            "true words");
            throw new IllegalStateException("the chain accepts true words for a wrong result");
        } catch (RevertedException refused) {
            return "the chain recounts the members' true words and refuses the result (%s); "
                    .formatted(refused.error());
        }
    }

    /** Proves the forgery and takes the reward. */
    String slash() throws IOException {
        SoupService.Proposed proposed = fraud();
        String how;
        try (Dossier dossier = node.dossiers().read(proposed.soupId())) {
            how = switch (node.challenger()
                    .pursue(
                            challenge().caseId(),
                            dossier,
                            challenge().transaction().block())) {
                case Challenger.Progress.Slashed slashed ->
                    "%s, %s".formatted(slashed.how(), DemoText.transaction(slashed.transaction()));
                case Challenger.Progress.Closed closed -> "the case was closed before, as " + closed.status();
                case Challenger.Progress.Waiting waiting -> "the proposer may answer until " + waiting.deadline();
                case Challenger.Progress.Answered answered -> "no forged word was found";
            };
        }
        SoupsContract.Status status = node.soups().status(proposed.soupId()).status();
        if (status != SoupsContract.Status.SLASHED) {
            throw new IllegalStateException("soup %s is %s, not slashed: %s".formatted(proposed.soupId(), status, how));
        }
        String reward = node.challenger()
                .withdraw(proposed.soupId())
                .map(entry -> "; bond and reward withdrawn, " + DemoText.transaction(entry))
                .orElse("");
        return "soup %s is SLASHED: %s%s".formatted(proposed.soupId(), how, reward);
    }

    private SoupService.Proposed fraud() {
        return Objects.requireNonNull(fraud, "the fraud is planted first");
    }

    private Place wrong() {
        return Objects.requireNonNull(place, "the soup is recounted first");
    }

    private Challenger.Challenge challenge() {
        return Objects.requireNonNull(challenge, "the soup is challenged first");
    }
}
