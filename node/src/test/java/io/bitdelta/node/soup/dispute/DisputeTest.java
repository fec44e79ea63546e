package io.bitdelta.node.soup.dispute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.contracts.DeltaSoups;
import io.bitdelta.engine.commit.ChunkProof;
import io.bitdelta.engine.commit.LeafKind;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.demo.PlantedFraud;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.local.OtherParty;
import io.bitdelta.node.soup.Contribution;
import io.bitdelta.node.soup.SoupHeaders;
import io.bitdelta.node.soup.SoupService;
import io.bitdelta.node.soup.SoupsContract;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.tx.gas.DefaultGasProvider;

/** The challenge game on a real chain, from both sides. */
final class DisputeTest {
    @TempDir
    static Path folder;

    private static final List<Contribution> MEMBERS = new ArrayList<>();
    private static LocalNode node;
    private static SoupService.Proposed honest;
    private static Path honestFile;

    @BeforeAll
    static void open() throws IOException {
        node = NodeFixture.open(folder.resolve("node"));
        for (String user : List.of("user-a", "user-b", "user-c")) {
            MEMBERS.add(Contribution.publish(node, user, user, folder));
        }
        honestFile = folder.resolve("soup.safetensors");
        honest = Contribution.propose(node.soups(), "honest", MEMBERS, honestFile);
        node.indexer().catchUp();
    }

    @AfterAll
    static void close() throws IOException {
        node.close();
    }

    private static SoupService.Proposed fraud(OtherParty villain, String intent) throws IOException {
        Path forged = folder.resolve(intent + ".safetensors");
        PlantedFraud.forge(honestFile, forged);
        SoupService.Proposed proposed =
                villain.soups().proposeResult(intent, Contribution.consents(villain.soups(), intent, MEMBERS), forged);
        node.indexer().catchUp();
        return proposed;
    }

    private static SoupsContract.Status status(Bytes32 soupId) {
        return node.soups().status(soupId).status();
    }

    @Test
    void anHonestSoupIsItsMembersVote() throws IOException {
        try (Dossier dossier = node.dossiers().read(honest.soupId())) {
            assertThat(Recount.firstWrongWord(dossier)).isEmpty();
        }
    }

    @Test
    void aForgedAnswerIsRebuttedAndTheSoupSlashed() throws IOException {
        OtherParty villain = node.otherParty("villain");
        SoupService.Proposed fraud = fraud(villain, "forged");
        try (Dossier dossier = node.dossiers().read(fraud.soupId())) {
            Place wrong = Recount.firstWrongWord(dossier).orElseThrow();
            Challenger.Challenge challenge = node.challenger().challenge(dossier, wrong);
            ChunkProof result = dossier.resultChunk(wrong.tree(), wrong.chunk());
            List<BigInteger> truth = dossier.words(wrong.tree(), wrong.chunk(), wrong.word());
            BigInteger claimed =
                    new BigInteger(1, result.chunk().get(wrong.word()).bytes());

            String trueWords =
                    node.disputes().answer(challenge.caseId(), dossier.header(), truth, result, Optional.empty());
            assertThatThrownBy(() -> villain.outbox()
                            .execute(
                                    TxRequest.call("true words", node.disputes().address(), trueWords)))
                    .isInstanceOf(RevertedException.class)
                    .satisfies(refused ->
                            assertThat(((RevertedException) refused).error()).isEqualTo("VoteMismatch"));

            villain.outbox()
                    .execute(TxRequest.call(
                            "forged words",
                            node.disputes().address(),
                            node.disputes()
                                    .answer(
                                            challenge.caseId(),
                                            dossier.header(),
                                            PlantedFraud.forgedWords(truth, claimed),
                                            result,
                                            Optional.empty())));
            Challenger.Progress progress = node.challenger()
                    .pursue(challenge.caseId(), dossier, challenge.transaction().block());
            assertThat(progress).isInstanceOf(Challenger.Progress.Slashed.class);
        }
        assertThat(status(fraud.soupId())).isEqualTo(SoupsContract.Status.SLASHED);
        assertThat(node.challenger().withdraw(fraud.soupId())).isPresent();
    }

    @Test
    void silenceLosesToo() throws IOException {
        OtherParty villain = node.otherParty("silent-villain");
        SoupService.Proposed fraud = fraud(villain, "silent");
        try (Dossier dossier = node.dossiers().read(fraud.soupId())) {
            Place wrong = Recount.firstWrongWord(dossier).orElseThrow();
            Challenger.Challenge challenge = node.challenger().challenge(dossier, wrong);
            long block = challenge.transaction().block();
            assertThat(node.challenger().pursue(challenge.caseId(), dossier, block))
                    .isInstanceOf(Challenger.Progress.Waiting.class);
            node.embeddedChain().orElseThrow().advanceClock(120);
            assertThat(node.challenger().pursue(challenge.caseId(), dossier, block))
                    .isInstanceOf(Challenger.Progress.Slashed.class);
        }
        assertThat(status(fraud.soupId())).isEqualTo(SoupsContract.Status.SLASHED);
    }

    @Test
    void everyKindOfDemandOnAnHonestSoupIsAnswered() throws IOException {
        SoupService.Proposed soup =
                Contribution.propose(node.soups(), "demanded", MEMBERS, folder.resolve("demanded.safetensors"));
        node.indexer().catchUp();
        OtherParty asker = node.otherParty("asker");
        long block = soup.transaction().block();
        WeightTree weights = node.soups().weights(soup.soupId());
        try (Dossier dossier = node.dossiers().read(soup.soupId())) {
            Challenger challenger = new Challenger(node.disputes(), asker.outbox());
            Challenger.Challenge signs = challenger.challenge(dossier, new Place(LeafKind.SIGNS, 3, 31, "any"));
            Challenger.Challenge scales = challenger.challenge(dossier, new Place(LeafKind.SCALES, 0, 0, "any"));
            demand(
                    asker,
                    "member",
                    DisputeCase.Kind.MEMBER,
                    soups -> soups.openMember(
                            soup.soupId().bytes(), SoupHeaders.struct(soup.header()), BigInteger.TWO, BigInteger.ZERO));
            demand(
                    asker,
                    "weight",
                    DisputeCase.Kind.WEIGHT,
                    soups -> soups.openWeight(
                            soup.soupId().bytes(), SoupHeaders.struct(soup.header()), BigInteger.ONE, BigInteger.ZERO));
            demand(
                    asker,
                    "last weight",
                    DisputeCase.Kind.WEIGHT,
                    soups -> soups.openWeight(
                            soup.soupId().bytes(), SoupHeaders.struct(soup.header()), BigInteger.TWO, BigInteger.ZERO));
            demand(
                    asker,
                    "node",
                    DisputeCase.Kind.NODE,
                    soups -> soups.open(
                            soup.soupId().bytes(),
                            SoupHeaders.struct(soup.header()),
                            BigInteger.valueOf(LeafKind.SIGNS.code()),
                            BigInteger.valueOf(depth(soup.header().nSigns())),
                            BigInteger.ZERO,
                            soup.header().signsRoot().bytes(),
                            List.of(),
                            BigInteger.ZERO));

            List<OutboxEntry> answers = node.soupGuard().look();
            assertThat(answers).hasSize(6);
            assertThat(node.soupGuard().look()).isEmpty();
            assertThat(challenger.pursue(signs.caseId(), dossier, block))
                    .isInstanceOf(Challenger.Progress.Answered.class);
            demand(
                    asker,
                    "word",
                    DisputeCase.Kind.WORD,
                    soups -> soups.demandWord(
                            scales.caseId(), SoupHeaders.struct(soup.header()), BigInteger.ONE, BigInteger.ZERO));
            assertThat(node.defender().answerAll(dossier, weights, block)).hasSize(1);

            node.embeddedChain().orElseThrow().advanceClock(200);
            assertThat(node.defender().answerAll(dossier, weights, block)).hasSize(2);
            assertThat(node.disputes().cases(soup.soupId(), block))
                    .hasSize(7)
                    .allMatch(known -> known.status() == DisputeCase.Status.HELD);
        }
        node.embeddedChain().orElseThrow().advanceClock(600);
        node.soups().finalizeSoup(soup.soupId(), soup.header());
        assertThat(status(soup.soupId())).isEqualTo(SoupsContract.Status.FINAL);
    }

    @FunctionalInterface
    private interface Call {
        org.web3j.protocol.core.RemoteFunctionCall<?> of(DeltaSoups soups);
    }

    private static void demand(OtherParty asker, String purpose, DisputeCase.Kind kind, Call call) {
        ChainClient chain = node.chain();
        DeltaSoups soups =
                DeltaSoups.load(node.disputes().address(), chain.web3(), chain.readOnly(), new DefaultGasProvider());
        asker.outbox()
                .execute(new TxRequest(
                        purpose,
                        node.disputes().address(),
                        call.of(soups).encodeFunctionCall(),
                        node.disputes().demandBond(kind, MEMBERS.size())));
    }

    private static int depth(long leaves) {
        return Long.SIZE - Long.numberOfLeadingZeros(leaves - 1);
    }

    @Test
    void aSoupWhoseMembersAreWithheldIsRefused() throws IOException {
        node.indexer().catchUp();
        assertThatThrownBy(() -> node.dossiers().read(Bytes32.ZERO))
                .isInstanceOf(DossierException.class)
                .hasMessageContaining("no soup");
        try (var left = Files.list(node.folder().work())) {
            assertThat(left).isEmpty();
        }
    }
}
