package io.bitdelta.node.demo;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.engine.commit.ChunkProof;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.OtherParty;
import io.bitdelta.node.soup.MemberList;
import io.bitdelta.node.soup.SoupService;
import io.bitdelta.node.soup.SoupsContract;
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
 * A dishonest proposer and how it is caught: it proposes a soup whose signs are not its members' vote, and defends it with
 * forged votes. Nobody asks the node to look: it recounts, challenges and has it slashed by itself.
 *
 * <p>A story that was cut off goes on where it stood; one whose deadlines have passed in between is told anew.
 */
final class FraudStory {
    private static final String PARTY = "dishonest-proposer";

    private final LocalNode node;
    private final OtherParty villain;
    private final Actor watcher;
    private SoupService.@Nullable Proposed fraud;
    private @Nullable DisputeCase challenge;

    /**
     * @param node whose store and chain the dishonest account uses
     * @param watcher asks the node how it stands
     */
    FraudStory(LocalNode node, Actor watcher) throws IOException {
        this.node = node;
        this.watcher = watcher;
        this.villain = node.otherParty(PARTY);
    }

    /**
     * Proposes a forged copy of an honest soup.
     *
     * @param consents which the honest soup's proposer had to make public
     */
    String plant(MemberList consents, Path honestSoup) throws IOException {
        Path forged = node.folder().deltas().resolve("forged-soup.bitdelta.safetensors");
        String tensor = PlantedFraud.forge(honestSoup, forged);
        for (int attempt = 1; fraud == null; attempt++) {
            SoupService.Proposed proposed = villain.soups().proposeResult("demo fraud " + attempt, consents, forged);
            if (canGoOn(proposed)) {
                fraud = proposed;
            }
        }
        return "%s proposes a soup of the same members with 64 signs of %s turned, soup %s, %s"
                .formatted(
                        villain.outbox().signer(), tensor, fraud.soupId(), DemoText.transaction(fraud.transaction()));
    }

    private boolean canGoOn(SoupService.Proposed proposed) {
        SoupsContract.Stored stored = villain.soups().status(proposed.soupId());
        if (stored.status() != SoupsContract.Status.PROPOSED) {
            return stored.status() == SoupsContract.Status.SLASHED;
        }
        long now = node.chain().head().timestamp();
        List<DisputeCase> open =
                cases(proposed).stream().filter(DisputeCase::open).toList();
        return open.isEmpty()
                ? now < stored.closesAt()
                : open.stream()
                        .anyMatch(known -> known.status() == DisputeCase.Status.DEMANDED || now <= known.deadline());
    }

    private List<DisputeCase> cases(SoupService.Proposed soup) {
        return node.disputes().cases(soup.soupId(), soup.transaction().block());
    }

    /** Waits until the node has challenged the wrong soup, and holds that it left the honest one alone. */
    String recount(Bytes32 honest) {
        DisputeCase demanded = Patience.await(
                "the node to challenge soup " + fraud().soupId(),
                () -> cases(fraud()).stream()
                        .filter(known -> known.kind() == DisputeCase.Kind.VOTE)
                        .findFirst());
        challenge = demanded;
        String status = SoupView.status(watcher, honest.hex());
        if (status.equals("slashed")) {
            throw new IllegalStateException("the honest soup %s was slashed".formatted(honest));
        }
        return "soup %s stands (%s); the node has recounted soup %s by itself and challenges it at tree %d, chunk %d, word %d: case %d"
                .formatted(
                        honest,
                        status,
                        fraud().soupId(),
                        demanded.tree(),
                        demanded.index(),
                        demanded.position(),
                        demanded.id());
    }

    /** The proposer defends itself: the chain takes no true words for a wrong result, so it forges some. */
    String defend() throws IOException {
        String purpose = "forged answer to case " + challenge().id();
        Optional<OutboxEntry> before = villain.outbox().find(purpose);
        DisputeCase demand = node.disputes().read(challenge().id());
        boolean mayAnswer = demand.status() == DisputeCase.Status.DEMANDED
                && node.chain().head().timestamp() < demand.deadline();
        if (before.isEmpty() && !mayAnswer) {
            return "the proposer did not answer in time";
        }
        try (Dossier dossier = node.dossiers().read(fraud().soupId())) {
            Place wrong = Recount.firstWrongWord(dossier).orElseThrow();
            List<BigInteger> truth = dossier.words(wrong.tree(), wrong.chunk(), wrong.word());
            String refusal = mayAnswer ? refusal(dossier, wrong, truth) : "";
            ChunkProof result = dossier.resultChunk(wrong.tree(), wrong.chunk());
            BigInteger claimed =
                    new BigInteger(1, result.chunk().get(wrong.word()).bytes());
            OutboxEntry forged = villain.outbox()
                    .execute(TxRequest.call(
                            purpose,
                            node.disputes().address(),
                            node.disputes()
                                    .answer(
                                            challenge().id(),
                                            dossier.header(),
                                            PlantedFraud.forgedWords(truth, claimed),
                                            result,
                                            Optional.empty())));
            return "%sthe proposer answers with forged votes, %s".formatted(refusal, DemoText.transaction(forged));
        }
    }

    /** What the chain itself says to the members' true words. */
    private String refusal(Dossier dossier, Place wrong, List<BigInteger> truth) {
        String honestAnswer = node.disputes()
                .answer(
                        challenge().id(),
                        dossier.header(),
                        truth,
                        dossier.resultChunk(wrong.tree(), wrong.chunk()),
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

    /** Waits until the node has proved the forgery. */
    String slash() {
        String soup = fraud().soupId().hex();
        return Patience.await("soup " + soup + " to be slashed", () -> SoupView.slash(watcher, soup));
    }

    private SoupService.Proposed fraud() {
        return Objects.requireNonNull(fraud, "the fraud is planted first");
    }

    private DisputeCase challenge() {
        return Objects.requireNonNull(challenge, "the soup is challenged first");
    }
}
