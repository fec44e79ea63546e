package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.MajoritySoup;
import io.bitdelta.engine.soup.MemberTree;
import io.bitdelta.engine.soup.SoupHeader;
import io.bitdelta.engine.soup.SoupRule;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.publish.DeltaLabels;
import io.bitdelta.node.publish.RegistryContract;
import io.bitdelta.node.store.Database;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Soups by vote: consents, mixing, the proposal with its bond, and making it final after the challenge window.
 *
 * <p>Times are stored before they are used, so a soup that was cut off goes on to the same id.
 */
public final class SoupService {
    private final SoupPlans plans;
    private final ContentStore content;
    private final SoupsContract contract;
    private final RegistryContract registry;
    private final Outbox outbox;
    private final SoupPlanner planner;
    private final SoupConsents consents;

    /** @param outbox sends from the proposer's account, which puts up the bond */
    public SoupService(
            Database database,
            ContentStore content,
            SoupsContract contract,
            RegistryContract registry,
            Outbox outbox,
            Clock clock) {
        this.plans = new SoupPlans(database);
        this.content = content;
        this.contract = contract;
        this.registry = registry;
        this.outbox = outbox;
        this.planner = new SoupPlanner(plans, contract, registry, outbox, clock);
        this.consents = new SoupConsents(plans, new ConsentBook(database), planner, contract, registry);
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

    /** Asks for consents, and takes them: every member's owner must have given theirs before a soup is proposed. */
    public SoupConsents consents() {
        return consents;
    }

    /**
     * Mixes members by majority and proposes the result, with uniform weights and the consents that were given.
     *
     * @param intent idempotency key: one intent is proposed once
     * @param soupFile where the result is written
     * @throws IOException when a file cannot be read or written
     * @throws SoupRefusedException when a consent is missing
     * @throws io.bitdelta.engine.EngineInputException when the members do not fit together
     */
    public Proposed propose(String intent, List<SoupMember> members, Path soupFile) throws IOException {
        List<Path> files = members.stream()
                .sorted(Comparator.comparing(member -> member.deltaId().hex()))
                .map(SoupMember::deltaFile)
                .toList();
        MajoritySoup.mix(files, soupFile, SoupRule.MAJORITY, 0);
        return proposeResult(intent, consents.of(intent), soupFile);
    }

    /**
     * Proposes a majority soup that was mixed elsewhere, as it is. The proposer's bond stands behind it: whoever recounts
     * and finds another result can have it slashed.
     *
     * @param intent idempotency key: one intent is proposed once
     * @param list members and their consents
     * @param soupFile the result
     * @throws IOException when a file cannot be read
     * @throws SoupRefusedException when a member is not in the registry
     */
    public Proposed proposeResult(String intent, MemberList list, Path soupFile) throws IOException {
        List<Bytes32> members =
                list.entries().stream().map(MemberList.Entry::deltaId).toList();
        SoupPlans.Plan plan = planner.plan(intent, members);
        List<Hash32> ids = members.stream().map(id -> Hash32.of(id.bytes())).toList();
        WeightTree weights = WeightTree.uniform(
                members.stream().map(id -> record(id).identity().bytes()).toList());
        try (DeltaFile soup = DeltaFile.open(soupFile)) {
            Hash32 baseHash = soup.header().metadata().baseHash();
            DeltaCommitment roots = DeltaCommitment.of(soup, new byte[20], Hash32.ZERO);
            Cid cid = content.addFile(soupFile, "soup " + intent, Visibility.PUBLIC)
                    .root();
            Hash32 membersRoot = new MemberTree(ids).root();
            Cid listCid = content.addRaw(list.bytes(), "members of soup " + intent, Visibility.PUBLIC);
            Manifest manifest = manifest(plan, soup, roots, cid, listCid, membersRoot, members.size());
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
                    members.size(),
                    0,
                    members.size(),
                    roots.nSigns(),
                    roots.nScales(),
                    SoupConsents.NO_EPSILON_CAP,
                    SoupRule.MAJORITY.code(),
                    SoupConsents.UNIFORM,
                    0,
                    plan.snapshot());
            Bytes32 soupId = Bytes32.of(header.soupId(
                            contract.chainId(),
                            EvmAddress.of(contract.address()).bytes(),
                            EvmAddress.of(outbox.signer()).bytes())
                    .bytes());
            List<Payee> payees = Payee.all(weights);
            plans.proposing(intent, soupId, payees);
            OutboxEntry transaction = outbox.execute(new TxRequest(
                    SoupPlanner.purpose(soupId), contract.address(), contract.propose(header), contract.bond()));
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
    public OutboxEntry finalizeSoup(Bytes32 soupId, SoupHeader header) {
        return outbox.execute(
                TxRequest.call("finalize " + soupId, contract.address(), contract.finalizeSoup(soupId, header)));
    }

    /**
     * What was proposed, as the chain tells it.
     *
     * @param block of the proposal
     */
    public Optional<SoupsContract.Proposal> proposal(Bytes32 soupId, long block) {
        return contract.proposal(soupId, block);
    }

    /** Chain time from which these members may be in a soup: a snapshot lies that far in the past. */
    public long readyAt(List<Bytes32> members) {
        long published =
                members.stream().mapToLong(id -> record(id).publishedAt()).max().orElse(0);
        return published + contract.finalityLag();
    }

    private RegistryContract.Stored record(Bytes32 deltaId) {
        return registry.record(deltaId)
                .orElseThrow(() -> new SoupRefusedException("%s is not in the registry".formatted(deltaId)));
    }

    /** Time of the newest block, in seconds. */
    public long chainTime() {
        return registry.chainTime();
    }

    /** Seconds of the challenge window. */
    public long window() {
        return contract.window();
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
