package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.publish.RegistryContract;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Chooses the times that a soup and its consents name, and stores them before anybody relies on them. */
final class SoupPlanner {
    /** The contract takes snapshots of up to one day. */
    private static final long SNAPSHOT_FRESH_SECONDS = 20 * 3600;

    private static final long CONSENT_VALID_SECONDS = 7 * 24 * 3600;

    private final SoupPlans plans;
    private final SoupsContract contract;
    private final RegistryContract registry;
    private final Outbox outbox;
    private final Clock clock;

    SoupPlanner(SoupPlans plans, SoupsContract contract, RegistryContract registry, Outbox outbox, Clock clock) {
        this.plans = plans;
        this.contract = contract;
        this.registry = registry;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** What the outbox knows the proposal by. */
    static String purpose(Bytes32 soupId) {
        return "propose " + soupId;
    }

    /**
     * The plan of an intent: the stored one, unless its snapshot grew too old before anything was sent.
     *
     * @param members any order
     * @throws SoupRefusedException when members repeat, or the intent stands for others
     */
    SoupPlans.Plan plan(String intent, List<Bytes32> members) {
        List<String> ids = members.stream().map(Bytes32::hex).sorted().toList();
        if (new HashSet<>(ids).size() != ids.size()) {
            throw new SoupRefusedException("a soup's members must differ");
        }
        long now = registry.chainTime();
        long snapshot = now - contract.finalityLag();
        Optional<SoupPlans.Plan> stored = plans.find(intent);
        if (stored.isEmpty()) {
            Instant createdAt = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            return plans.insert(
                    new SoupPlans.Plan(intent, ids, createdAt, snapshot, now + CONSENT_VALID_SECONDS, null));
        }
        SoupPlans.Plan known = stored.get();
        if (!known.memberIds().equals(ids)) {
            throw new SoupRefusedException(
                    "\"%s\" stands for another set of members already: use another name".formatted(intent));
        }
        boolean sent =
                known.soupId() != null && outbox.find(purpose(known.soupId())).isPresent();
        return !sent && snapshot - known.snapshot() > SNAPSHOT_FRESH_SECONDS
                ? plans.renew(known, snapshot, now + CONSENT_VALID_SECONDS)
                : known;
    }
}
