package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.typed.SoupConsentMessage;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.MajoritySoup;
import io.bitdelta.engine.soup.MemberTree;
import io.bitdelta.engine.soup.SoupHeader;
import io.bitdelta.engine.soup.SoupRule;
import io.bitdelta.engine.soup.Terms;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.publish.DeltaLabels;
import io.bitdelta.node.publish.RegistryContract;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Soups by vote: consents, mixing, the proposal with its bond, and making it final after the challenge window.
 *
 * <p>Times are stored before they are used, so a soup that was cut off goes on to the same id.
 */
public final class SoupService {
    private static final int UNIFORM = 1;
    private static final int NO_EPSILON_CAP = (1 << 24) - 1;
    /** The contract takes snapshots of up to one day. */
    private static final long SNAPSHOT_FRESH_SECONDS = 20 * 3600;

    private static final long CONSENT_VALID_SECONDS = 7 * 24 * 3600;

    private final SoupPlans plans;
    private final ContentStore content;
    private final SoupsContract contract;
    private final RegistryContract registry;
    private final Outbox outbox;
    private final Clock clock;

    /** @param outbox sends from the proposer's account, which puts up the bond */
    public SoupService(
            SoupPlans plans,
            ContentStore content,
            SoupsContract contract,
            RegistryContract registry,
            Outbox outbox,
            Clock clock) {
        this.plans = plans;
        this.content = content;
        this.contract = contract;
        this.registry = registry;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * A soup on the chain.
     *
     * @param soupId the contract's key
     * @param cid the soup file
     * @param fileHash its SHA-256
     * @param header what the chain has the hash of
     * @param payees who is paid, in leaf order
     * @param closesAt chain time from which it can be made final
     * @param transaction the proposal
     */
    public record Proposed(
            Bytes32 soupId,
            String cid,
            String fileHash,
            SoupHeader header,
            List<Payee> payees,
            long closesAt,
            OutboxEntry transaction) {}

    /**
     * Mixes members by majority and proposes the result, with uniform weights.
     *
     * @param intent idempotency key: one intent is proposed once
     * @param soupFile where the result is written
     * @throws IOException when a file cannot be read or written
     * @throws io.bitdelta.engine.EngineInputException when the members do not fit together
     */
    public Proposed propose(String intent, List<SoupMember> members, Path soupFile) throws IOException {
        MajoritySoup.mix(sorted(members).stream().map(SoupMember::deltaFile).toList(), soupFile, SoupRule.MAJORITY, 0);
        return proposeResult(intent, members, soupFile);
    }

    /**
     * Proposes a majority soup that was mixed elsewhere, as it is. The proposer's bond stands behind it: whoever recounts
     * and finds another result can have it slashed.
     *
     * @param intent idempotency key: one intent is proposed once
     * @param soupFile the result
     * @throws IOException when a file cannot be read
     */
    public Proposed proposeResult(String intent, List<SoupMember> members, Path soupFile) throws IOException {
        List<SoupMember> sorted = sorted(members);
        SoupPlans.Plan plan = plan(intent, sorted);
        List<Hash32> ids = sorted.stream().map(m -> Hash32.ofHex(m.deltaId())).toList();
        WeightTree weights = WeightTree.uniform(sorted.stream()
                .map(m -> EvmAddress.of(m.owner().address()).bytes())
                .toList());
        try (DeltaFile soup = DeltaFile.open(soupFile)) {
            Hash32 baseHash = soup.header().metadata().baseHash();
            Hash32 terms = Terms.hash(baseHash, SoupRule.MAJORITY.code(), UNIFORM, NO_EPSILON_CAP, 0);
            MemberList list = new MemberList(collectConsents(plan, sorted, Bytes32.of(terms.bytes())));

            DeltaCommitment roots = DeltaCommitment.of(soup, new byte[20], Hash32.ZERO);
            Cid cid = content.addFile(soupFile, "soup " + intent, Visibility.PUBLIC)
                    .root();
            Hash32 membersRoot = new MemberTree(ids).root();
            Cid listCid = content.addRaw(list.bytes(), "members of soup " + intent, Visibility.PUBLIC);
            Manifest manifest = manifest(plan, soup, roots, cid, listCid, membersRoot, sorted.size());
            content.addRaw(manifest.bytes(), "manifest of soup " + intent, Visibility.PUBLIC);
            SoupHeader header = new SoupHeader(
                    baseHash,
                    roots.layoutHash(),
                    membersRoot,
                    roots.signsRoot(),
                    Hash32.ZERO,
                    roots.scalesRoot(),
                    weights.root(),
                    Hash32.of(manifest.digest().bytes()),
                    sorted.size(),
                    0,
                    sorted.size(),
                    roots.nSigns(),
                    roots.nScales(),
                    NO_EPSILON_CAP,
                    SoupRule.MAJORITY.code(),
                    UNIFORM,
                    0,
                    plan.snapshot());
            Bytes32 soupId = Bytes32.of(header.soupId(
                            contract.chainId(),
                            EvmAddress.of(contract.address()).bytes(),
                            EvmAddress.of(outbox.signer()).bytes())
                    .bytes());
            List<Payee> payees = Payee.all(weights);
            plans.proposing(intent, soupId, payees);
            OutboxEntry transaction = outbox.execute(
                    new TxRequest(purpose(soupId), contract.address(), contract.propose(header), contract.bond()));
            return new Proposed(
                    soupId,
                    cid.toString(),
                    soup.fileHash().hex(),
                    header,
                    payees,
                    contract.soup(soupId).closesAt(),
                    transaction);
        }
    }

    /**
     * Makes a soup final; from then on it can be paid.
     *
     * @throws io.bitdelta.node.chain.RevertedException while the challenge window is open
     */
    public OutboxEntry finalizeSoup(Proposed soup) {
        return outbox.execute(TxRequest.call(
                "finalize " + soup.soupId(), contract.address(), contract.finalizeSoup(soup.soupId(), soup.header())));
    }

    /**
     * The weights tree of a soup that was proposed here.
     *
     * @throws IllegalArgumentException for a foreign soup
     */
    public WeightTree weights(Bytes32 soupId) {
        return plans.weights(soupId)
                .orElseThrow(() -> new IllegalArgumentException("soup %s was not proposed here".formatted(soupId)));
    }

    /** Where a soup stands on the chain. */
    public SoupsContract.Stored status(Bytes32 soupId) {
        return contract.soup(soupId);
    }

    private SoupPlans.Plan plan(String intent, List<SoupMember> sorted) {
        List<String> ids = sorted.stream().map(SoupMember::deltaId).toList();
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
            throw new IllegalArgumentException(
                    "\"%s\" stands for another set of members already: use another name".formatted(intent));
        }
        boolean sent =
                known.soupId() != null && outbox.find(purpose(known.soupId())).isPresent();
        if (!sent && snapshot - known.snapshot() > SNAPSHOT_FRESH_SECONDS) {
            return plans.renew(known, snapshot, now + CONSENT_VALID_SECONDS);
        }
        return known;
    }

    private static String purpose(Bytes32 soupId) {
        return "propose " + soupId;
    }

    private List<MemberList.Entry> collectConsents(SoupPlans.Plan plan, List<SoupMember> members, Bytes32 terms) {
        List<MemberList.Entry> entries = new ArrayList<>();
        for (SoupMember member : members) {
            SoupConsentMessage message = new SoupConsentMessage(Bytes32.of(member.deltaId()), terms, plan.deadline());
            Bytes32 digest = message.digest(contract.domain());
            EvmSignature signature = plans.consent(plan.intent(), member.deltaId())
                    .map(hex -> EvmSignature.parse(HexText.parse(hex)))
                    .orElseGet(() -> member.owner().sign(digest));
            if (!signature.recover(digest).equals(EvmAddress.of(member.owner().address()))) {
                throw new IllegalArgumentException(
                        "the consent for %s is not signed by its owner".formatted(member.deltaId()));
            }
            plans.keepConsent(plan.intent(), member.deltaId(), HexText.of(signature.bytes()));
            entries.add(new MemberList.Entry(Bytes32.of(member.deltaId()), plan.deadline(), signature));
        }
        return entries;
    }

    private static List<SoupMember> sorted(List<SoupMember> members) {
        List<SoupMember> sorted = members.stream()
                .sorted(Comparator.comparing(SoupMember::deltaId))
                .toList();
        if (new HashSet<>(sorted.stream().map(SoupMember::deltaId).toList()).size() != sorted.size()) {
            throw new IllegalArgumentException("a soup's members must differ");
        }
        return sorted;
    }

    private Manifest manifest(
            SoupPlans.Plan plan,
            DeltaFile soup,
            DeltaCommitment roots,
            Cid cid,
            Cid membersCid,
            Hash32 membersRoot,
            int members) {
        Bytes32 root = Bytes32.of(roots.deltaRoot().bytes());
        return Manifest.builder()
                .base(
                        "soup base",
                        Bytes32.of(soup.header().metadata().baseHash().bytes()))
                .compression(DeltaLabels.compression(soup), DeltaLabels.scales(soup), soup.size())
                .delta(cid.toString(), root, root, Bytes32.of(soup.fileHash().bytes()), Bytes32.ZERO)
                .noPrivacyClaim()
                .section(
                        "soup",
                        new ObjectBuilder()
                                .put("byzantine", 0)
                                .put("members", members)
                                .put("membersCid", membersCid.toString())
                                .put("membersRoot", membersRoot.hex())
                                .put("rule", SoupRule.MAJORITY.code())
                                .build())
                .user(new LuxDid(contract.chainId(), EvmAddress.of(outbox.signer())))
                .versioning(plan.createdAt(), Bytes32.ZERO)
                .build();
    }

    /** Wei that proposing costs for the time of the window. */
    public BigInteger bond() {
        return contract.bond();
    }
}
