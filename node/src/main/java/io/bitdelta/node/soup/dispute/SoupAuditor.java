package io.bitdelta.node.soup.dispute;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.config.SoupConfig.Audit;
import io.bitdelta.node.lookup.SoupLookup;
import io.bitdelta.node.lookup.SoupRecord;
import io.bitdelta.node.soup.SoupService;
import io.bitdelta.node.soup.SoupsContract;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds other people's proposed soups to their members' vote while they can be challenged: looks for what needs no answer,
 * then recounts. A soup that was found right is not looked at again; one that is withheld is, after a while.
 */
public final class SoupAuditor {
    private static final Duration TRY_AGAIN = Duration.ofMinutes(1);
    private static final Logger log = LoggerFactory.getLogger(SoupAuditor.class);

    private final Audit mode;
    private final SoupLookup soups;
    private final SoupService service;
    private final SoupSource source;
    private final Inspector inspector;
    private final DossierReader dossiers;
    private final DisputeContract contract;
    private final Challenger challenger;
    private final Outbox outbox;
    private final Clock clock;
    private final Map<Bytes32, Verdict> verdicts = new ConcurrentHashMap<>();

    /** @param outbox sends slashes and challenges, and puts up bonds */
    public SoupAuditor(
            Audit mode,
            SoupLookup soups,
            SoupService service,
            SoupSource source,
            Inspector inspector,
            DossierReader dossiers,
            DisputeContract contract,
            Challenger challenger,
            Outbox outbox,
            Clock clock) {
        this.mode = mode;
        this.soups = soups;
        this.service = service;
        this.source = source;
        this.inspector = inspector;
        this.dossiers = dossiers;
        this.contract = contract;
        this.challenger = challenger;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** What was found out about a soup. */
    public sealed interface Verdict {
        /** It is its members' vote. */
        record Right() implements Verdict {}

        /** Something is withheld, so nobody can say. */
        record Withheld(String what, Instant nextLook) implements Verdict {}

        /** It is wrong; in the mode {@link Audit#WATCH} that is all. */
        record Wrong(String what) implements Verdict {}

        /** A challenge runs. */
        record Challenged(BigInteger caseId, long block) implements Verdict {}

        /** It was slashed by this node. */
        record Slashed(String what) implements Verdict {}
    }

    /**
     * Looks at every foreign soup that can still be challenged. One that cannot be read does not keep the others from it.
     *
     * @return what is known of them now
     */
    public Map<Bytes32, Verdict> look() {
        if (mode == Audit.OFF) {
            return Map.of();
        }
        EvmAddress self = EvmAddress.of(outbox.signer());
        List<Bytes32> open = new ArrayList<>();
        for (SoupRecord record : soups.all()) {
            Bytes32 soupId = Bytes32.of(record.soupId());
            if (!record.proposer().equals(self.hex()) && !isSettled(soupId) && isOpen(soupId)) {
                open.add(soupId);
            }
        }
        for (Bytes32 soupId : open) {
            try {
                verdicts.put(soupId, judge(soupId, Optional.ofNullable(verdicts.get(soupId))));
            } catch (IOException | DossierException withheld) {
                log.warn("soup {} cannot be checked: {}", soupId, withheld.getMessage());
                verdicts.put(
                        soupId,
                        new Verdict.Withheld(
                                String.valueOf(withheld.getMessage()),
                                clock.instant().plus(TRY_AGAIN)));
            } catch (RevertedException refused) {
                log.warn("soup {}: {}", soupId, refused.getMessage());
            }
        }
        return Map.copyOf(verdicts);
    }

    /** What is known of a soup, by the last look at it; empty before the first. */
    public Optional<Verdict> verdict(Bytes32 soupId) {
        return Optional.ofNullable(verdicts.get(soupId));
    }

    private boolean isSettled(Bytes32 soupId) {
        return switch (verdicts.get(soupId)) {
            case Verdict.Right right -> true;
            case Verdict.Wrong wrong -> true;
            case Verdict.Slashed slashed -> true;
            case Verdict.Withheld withheld -> clock.instant().isBefore(withheld.nextLook());
            case Verdict.Challenged challenged -> false;
            case null -> false;
        };
    }

    private boolean isOpen(Bytes32 soupId) {
        return service.status(soupId).status() == SoupsContract.Status.PROPOSED;
    }

    private Verdict judge(Bytes32 soupId, Optional<Verdict> before) throws IOException {
        if (before.orElse(null) instanceof Verdict.Challenged challenged) {
            return pursue(soupId, challenged);
        }
        source.pin(soupId);
        Optional<Offence> offence = inspector.firstOffence(soupId);
        if (offence.isPresent()) {
            return slash(soupId, offence.get());
        }
        try (Dossier dossier = dossiers.read(soupId)) {
            Optional<Place> wrong = Recount.firstWrongWord(dossier);
            if (wrong.isEmpty()) {
                return new Verdict.Right();
            }
            log.warn("soup {} is not its members' vote: {}", soupId, wrong.get());
            if (mode == Audit.WATCH) {
                return new Verdict.Wrong(wrong.get().toString());
            }
            Challenger.Challenge challenge = challenger.challenge(dossier, wrong.get());
            return new Verdict.Challenged(
                    challenge.caseId(), challenge.transaction().block());
        }
    }

    private Verdict slash(Bytes32 soupId, Offence offence) {
        log.warn("soup {} breaks its rules: {}", soupId, offence.what());
        if (mode == Audit.WATCH) {
            return new Verdict.Wrong(offence.what());
        }
        OutboxEntry sent = outbox.execute(TxRequest.call(
                "slash %s: %s".formatted(soupId, offence.what()), contract.address(), offence.calldata()));
        challenger.withdraw(soupId);
        return new Verdict.Slashed("%s, tx %s".formatted(offence.what(), sent.hash()));
    }

    private Verdict pursue(Bytes32 soupId, Verdict.Challenged challenged) throws IOException {
        try (Dossier dossier = dossiers.read(soupId)) {
            return switch (challenger.pursue(challenged.caseId(), dossier, challenged.block())) {
                case Challenger.Progress.Slashed slashed -> {
                    challenger.withdraw(soupId);
                    yield new Verdict.Slashed(slashed.how());
                }
                case Challenger.Progress.Waiting waiting -> challenged;
                case Challenger.Progress.Answered answered -> new Verdict.Right();
                case Challenger.Progress.Closed closed ->
                    new Verdict.Wrong("case %d is closed: %s".formatted(challenged.caseId(), closed.status()));
            };
        }
    }
}
