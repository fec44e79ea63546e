package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.attestation.typed.Eip712Domain;
import io.bitdelta.attestation.typed.SoupConsentMessage;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.SoupRule;
import io.bitdelta.engine.soup.Terms;
import io.bitdelta.node.publish.RegistryContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The consents of members' owners: asks for them, takes them, and lists them for the world to check. A consent is for all
 * soups of the same terms (base, rules, caps) until its deadline.
 */
public final class SoupConsents {
    static final int UNIFORM = 1;
    static final int NO_EPSILON_CAP = (1 << 24) - 1;

    private final SoupPlans plans;
    private final ConsentBook book;
    private final SoupPlanner planner;
    private final SoupsContract contract;
    private final RegistryContract registry;

    SoupConsents(
            SoupPlans plans, ConsentBook book, SoupPlanner planner, SoupsContract contract, RegistryContract registry) {
        this.plans = plans;
        this.book = book;
        this.planner = planner;
        this.contract = contract;
        this.registry = registry;
    }

    /**
     * Asks for the consents of a soup. Asking again gives the same requests, or such with later times when the first were
     * not answered for most of a day.
     *
     * @param intent the soup's idempotency key
     * @param name what the soup is called towards the owners
     * @param members any order
     * @param baseHash their common base
     * @return one request for each member, by ascending id
     * @throws SoupRefusedException when a member is not registered, was revoked, or members repeat
     */
    public List<ConsentRequest> ask(String intent, String name, List<Bytes32> members, Bytes32 baseHash) {
        SoupPlans.Plan plan = planner.plan(intent, members);
        Bytes32 terms = terms(baseHash);
        List<ConsentRequest> requests = new ArrayList<>();
        for (String id : plan.memberIds()) {
            Bytes32 deltaId = Bytes32.of(id);
            SoupConsentMessage message = new SoupConsentMessage(deltaId, terms, plan.deadline());
            boolean given = book.signature(intent, deltaId).isPresent();
            requests.add(new ConsentRequest(intent, name, fit(deltaId).identity(), message, given));
        }
        book.ask(requests);
        return List.copyOf(requests);
    }

    /** One that is missing or revoked would cost the proposer its bond. */
    private RegistryContract.Stored fit(Bytes32 deltaId) {
        RegistryContract.Stored record = registry.record(deltaId)
                .orElseThrow(() -> new SoupRefusedException("%s is not in the registry".formatted(deltaId)));
        if (record.revokedAt() != 0) {
            throw new SoupRefusedException("%s was revoked".formatted(deltaId));
        }
        return record;
    }

    /** Consents that an owner was asked for and has not given, nearest deadline first. */
    public List<ConsentRequest> openFor(EvmAddress identity, int most) {
        return book.open(identity, registry.chainTime(), most);
    }

    /** What is asked of a member's owner. */
    public Optional<ConsentRequest> request(String intent, Bytes32 deltaId) {
        return book.request(intent, deltaId);
    }

    /** How many consents of a soup were given. */
    public long given(String intent) {
        return book.requests(intent).stream().filter(ConsentRequest::given).count();
    }

    /** The domain in which consents are signed. */
    public Eip712Domain domain() {
        return contract.domain();
    }

    /**
     * Takes a consent.
     *
     * @throws SoupRefusedException when none is asked for, it came too late, or the signature is not by the key that
     *     controls the identity
     */
    public void give(String intent, Bytes32 deltaId, EvmSignature signature) {
        ConsentRequest request = request(intent, deltaId)
                .orElseThrow(() -> new SoupRefusedException("no consent is asked for %s here".formatted(deltaId)));
        if (request.message().deadline() < registry.chainTime()) {
            throw new SoupRefusedException("the consent for %s was to be given before %d"
                    .formatted(deltaId, request.message().deadline()));
        }
        Bytes32 digest = request.message().digest(contract.domain());
        EvmAddress controller = registry.controller(request.identity())
                .orElseThrow(
                        () -> new SoupRefusedException("identity %s is deactivated".formatted(request.identity())));
        if (!isBy(controller, digest, signature)) {
            throw new SoupRefusedException(
                    "the consent for %s is not signed by %s, who controls %s: sign the request's typed data with that key"
                            .formatted(deltaId, controller, request.identity()));
        }
        book.keep(intent, deltaId, HexText.of(signature.bytes()));
    }

    private static boolean isBy(EvmAddress controller, Bytes32 digest, EvmSignature signature) {
        try {
            return signature.recover(digest).equals(controller);
        } catch (SignatureException noPoint) {
            return false;
        }
    }

    /**
     * All consents of a soup, as its manifest will name them.
     *
     * @throws SoupRefusedException when one is missing
     */
    public MemberList of(String intent) {
        SoupPlans.Plan plan = plans.find(intent)
                .orElseThrow(() -> new SoupRefusedException("nobody was asked for \"%s\" yet".formatted(intent)));
        List<MemberList.Entry> entries = new ArrayList<>();
        for (String id : plan.memberIds()) {
            String signature = book.signature(intent, Bytes32.of(id))
                    .orElseThrow(() -> new SoupRefusedException("the owner of %s has not consented".formatted(id)));
            entries.add(new MemberList.Entry(
                    Bytes32.of(id), plan.deadline(), EvmSignature.parse(HexText.parse(signature))));
        }
        return new MemberList(entries);
    }

    /** The terms of a majority soup with equal weights. */
    private static Bytes32 terms(Bytes32 baseHash) {
        return Bytes32.of(Terms.hash(Hash32.of(baseHash.bytes()), SoupRule.MAJORITY.code(), UNIFORM, NO_EPSILON_CAP, 0)
                .bytes());
    }
}
