package io.bitdelta.node.soup.dispute;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.contracts.DeltaSoups;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.MerkleTree;
import io.bitdelta.engine.soup.MajoritySoup;
import io.bitdelta.engine.soup.SoupHeader;
import io.bitdelta.engine.soup.SoupRule;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.config.SoupConfig.Audit;
import io.bitdelta.node.demo.PlantedFraud;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.local.OtherParty;
import io.bitdelta.node.soup.Contribution;
import io.bitdelta.node.soup.MemberList;
import io.bitdelta.node.soup.SoupHeaders;
import io.bitdelta.node.soup.SoupService;
import io.bitdelta.node.soup.SoupsContract;
import io.bitdelta.node.soup.WeightList;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.tx.gas.DefaultGasProvider;

/** Foreign soups with every kind of fault, audited on a real chain. */
final class SoupAuditorTest {
    @TempDir
    static Path folder;

    private static final List<Contribution> MEMBERS = new ArrayList<>();
    private static LocalNode node;
    private static OtherParty villain;
    private static int forged;

    @BeforeAll
    static void open() throws IOException {
        node = NodeFixture.open(folder.resolve("node"));
        villain = node.otherParty("villain");
        for (String user : List.of("user-a", "user-b", "user-c")) {
            MEMBERS.add(publish(user, user));
        }
    }

    private static Contribution publish(String user, String intent) throws IOException {
        return Contribution.publish(node, user, intent, folder);
    }

    @AfterAll
    static void close() throws IOException {
        node.close();
    }

    private static SoupAuditor auditor(Audit mode) {
        Inspector inspector = new Inspector(
                node.dossiers(),
                node.disputes(),
                node.chain(),
                node.outbox().signer(),
                node.folder().work());
        return new SoupAuditor(
                mode,
                node.soupLookup(),
                node.soups(),
                SoupSource.STORED,
                inspector,
                node.dossiers(),
                node.disputes(),
                node.challenger(),
                node.outbox(),
                Clock.systemUTC());
    }

    private static SoupAuditor.Verdict audited(Audit mode, Bytes32 soupId) {
        node.indexer().catchUp();
        return Objects.requireNonNull(auditor(mode).look().get(soupId), "it was audited");
    }

    private static void assertSlashed(Bytes32 soupId, String how) {
        assertThat(audited(Audit.WATCH, soupId))
                .isInstanceOf(SoupAuditor.Verdict.Wrong.class)
                .asString()
                .contains(how);
        assertThat(node.soups().status(soupId).status()).isEqualTo(SoupsContract.Status.PROPOSED);
        assertThat(audited(Audit.CHALLENGE, soupId))
                .isInstanceOf(SoupAuditor.Verdict.Slashed.class)
                .asString()
                .contains(how);
        assertThat(node.soups().status(soupId).status()).isEqualTo(SoupsContract.Status.SLASHED);
    }

    /** A soup whose lists say what they like; its result is empty. */
    private static Bytes32 forge(List<MemberList.Entry> members, List<WeightTree.Share> shares) throws IOException {
        String name = "forged " + forged++;
        Cid list = node.content().addRaw(new MemberList(members).bytes(), name + " members", Visibility.PUBLIC);
        Cid weights = node.content().addRaw(new WeightList(shares).bytes(), name + " weights", Visibility.PUBLIC);
        Hash32 membersRoot = MerkleTree.root(SoupPapers.memberLeaves(members));
        Bytes32 any = Bytes32.of(membersRoot.bytes());
        Manifest manifest = Manifest.builder()
                .base("any", any)
                .compression("1bit", "row", 1)
                .delta(list.toString(), any, any, any, Bytes32.ZERO)
                .noPrivacyClaim()
                .section(
                        "soup",
                        new ObjectBuilder()
                                .put("byzantine", 0)
                                .put("members", members.size())
                                .put("membersCid", list.toString())
                                .put("membersRoot", membersRoot.hex())
                                .put("rule", 1)
                                .put("weightsCid", weights.toString())
                                .build())
                .user(new LuxDid(31337, EvmAddress.of(villain.outbox().signer())))
                .versioning(Instant.EPOCH, Bytes32.ZERO)
                .build();
        node.content().addRaw(manifest.bytes(), name, Visibility.PUBLIC);
        SoupHeader header = new SoupHeader(
                membersRoot,
                membersRoot,
                membersRoot,
                membersRoot,
                Hash32.ZERO,
                membersRoot,
                MerkleTree.root(SoupPapers.weightLeaves(shares)),
                Hash32.of(manifest.digest().bytes()),
                members.size(),
                0,
                shares.size(),
                1,
                1,
                0,
                1,
                1,
                0,
                node.chain().head().timestamp());
        DeltaSoups soups = DeltaSoups.load(
                node.disputes().address(), node.chain().web3(), node.chain().readOnly(), new DefaultGasProvider());
        villain.outbox()
                .execute(new TxRequest(
                        name,
                        node.disputes().address(),
                        soups.propose(SoupHeaders.struct(header), new byte[0], BigInteger.ZERO)
                                .encodeFunctionCall(),
                        node.soups().bond()));
        return Bytes32.of(header.soupId(
                        31337,
                        EvmAddress.of(node.disputes().address()).bytes(),
                        EvmAddress.of(villain.outbox().signer()).bytes())
                .bytes());
    }

    private static MemberList.Entry entry(Contribution member) {
        return new MemberList.Entry(member.deltaId(), 1, member.owner().sign(Bytes32.ZERO));
    }

    private static List<Contribution> sorted() {
        return MEMBERS.stream()
                .sorted((a, b) -> a.deltaId().hex().compareTo(b.deltaId().hex()))
                .toList();
    }

    private static List<WeightTree.Share> uniform(List<Contribution> members) {
        return WeightTree.uniform(members.stream()
                        .map(member -> EvmAddress.of(member.owner().address()).bytes())
                        .toList())
                .shares();
    }

    @Test
    void anHonestSoupIsLeftAlone() throws IOException {
        SoupService.Proposed honest =
                Contribution.propose(villain.soups(), "honest", MEMBERS, folder.resolve("honest.safetensors"));
        assertThat(audited(Audit.CHALLENGE, honest.soupId())).isInstanceOf(SoupAuditor.Verdict.Right.class);
        assertThat(node.disputes().cases(honest.soupId(), honest.transaction().block()))
                .isEmpty();
        assertThat(auditor(Audit.OFF).look()).isEmpty();
    }

    @Test
    void aRevokedMemberIsSlashedAtOnce() throws IOException {
        Contribution revoked = publish("user-a", "revoked");
        List<Contribution> members = List.of(revoked, MEMBERS.get(1), MEMBERS.get(2));
        MemberList consents = Contribution.consents(villain.soups(), "fit", members);
        node.publishing().revoke(revoked.deltaId(), revoked.owner());
        Path file = folder.resolve("unfit.safetensors");
        MajoritySoup.mix(members.stream().map(Contribution::file).toList(), file, SoupRule.MAJORITY, 0);
        // Another intent takes its snapshot now, when the member is revoked already.
        SoupService.Proposed unfit = villain.soups().proposeResult("unfit", consents, file);
        assertSlashed(unfit.soupId(), revoked.deltaId().hex());
    }

    @Test
    void aRepeatedMemberIsSlashedAtOnce() throws IOException {
        MemberList.Entry twice = entry(MEMBERS.getFirst());
        Bytes32 soupId = forge(List.of(twice, twice), uniform(List.of(MEMBERS.get(0), MEMBERS.get(0))));
        assertSlashed(soupId, "out of order");
    }

    @Test
    void weightsThatOverlapAreSlashedAtOnce() throws IOException {
        List<Contribution> members = sorted();
        byte[] greedy = EvmAddress.of(villain.outbox().signer()).bytes();
        List<WeightTree.Share> overlapping = List.of(
                WeightTree.Share.identity(greedy, 0, 700_000_000),
                WeightTree.Share.identity(greedy, 600_000_000, 800_000_000),
                WeightTree.Share.identity(greedy, 800_000_000, WeightTree.WHOLE));
        assertSlashed(forge(members.stream().map(SoupAuditorTest::entry).toList(), overlapping), "do not tile");
    }

    @Test
    void unequalSharesAreSlashedAtOnce() throws IOException {
        List<Contribution> members = sorted();
        List<WeightTree.Share> own = new ArrayList<>(uniform(members));
        WeightTree.Share second = own.get(1);
        own.set(
                1,
                WeightTree.Share.identity(
                        EvmAddress.of(villain.outbox().signer()).bytes(), second.start(), second.end()));
        assertSlashed(forge(members.stream().map(SoupAuditorTest::entry).toList(), own), "leaf 1");
    }

    @Test
    void membersOfAnotherBaseAreSlashedAtOnce() throws IOException {
        List<Contribution> members = sorted();
        Bytes32 soupId = forge(members.stream().map(SoupAuditorTest::entry).toList(), uniform(members));
        assertSlashed(soupId, "another base or layout");
    }

    @Test
    void aWrongVoteIsChallengedAndSilenceSlashesIt() throws IOException {
        Path honestFile = folder.resolve("vote.safetensors");
        Contribution.propose(villain.soups(), "true vote", MEMBERS, honestFile);
        Path forgedFile = folder.resolve("forged-vote.safetensors");
        PlantedFraud.forge(honestFile, forgedFile);
        SoupService.Proposed fraud = villain.soups()
                .proposeResult("false vote", Contribution.consents(villain.soups(), "false vote", MEMBERS), forgedFile);
        node.indexer().catchUp();
        SoupAuditor auditor = auditor(Audit.CHALLENGE);
        assertThat(auditor.look().get(fraud.soupId())).isInstanceOf(SoupAuditor.Verdict.Challenged.class);
        assertThat(auditor.look().get(fraud.soupId())).isInstanceOf(SoupAuditor.Verdict.Challenged.class);
        assertThat(node.disputes().cases(fraud.soupId(), fraud.transaction().block()))
                .hasSize(1);
        node.embeddedChain().orElseThrow().advanceClock(120);
        assertThat(auditor.look().get(fraud.soupId())).isInstanceOf(SoupAuditor.Verdict.Slashed.class);
    }
}
