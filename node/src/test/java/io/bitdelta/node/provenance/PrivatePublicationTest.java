package io.bitdelta.node.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.sign.Keystore;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.attestation.typed.DeltaStruct;
import io.bitdelta.contracts.BitDeltaRegistry;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.safety.EvaluationReport;
import io.bitdelta.engine.safety.Suite;
import io.bitdelta.engine.safety.SuiteScore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Main;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.client.DeltaClient;
import io.bitdelta.node.client.Login;
import io.bitdelta.node.client.RemoteJob;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.local.RunningNode;
import io.bitdelta.node.lookup.DeltaRecord;
import io.bitdelta.node.publish.EvaluationGate;
import io.bitdelta.node.publish.OwnerSigner;
import io.bitdelta.node.publish.PublishRefusedException;
import io.bitdelta.node.publish.PublishRequest;
import io.bitdelta.node.publish.Published;
import io.bitdelta.node.verify.Check;
import io.bitdelta.node.verify.ContentFetch;
import io.bitdelta.node.verify.StrangersCheck;
import io.bitdelta.node.verify.VerifyReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.tx.gas.DefaultGasProvider;
import picocli.CommandLine;

/** A guarantee that a training gives arrives where strangers look, and nowhere without the training. */
final class PrivatePublicationTest {
    private static final Path BASE = Path.of(System.getProperty("bitdelta.home"), "models", "tiny-qwen3", "base");

    @TempDir
    static Path folder;

    private static LocalNode node;
    private static Path delta;
    private static TrainingRecord record;

    @BeforeAll
    static void train() throws IOException {
        node = NodeFixture.open(folder.resolve("node"));
        delta = folder.resolve("private.bitdelta");
        Path text = Files.writeString(
                folder.resolve("diary.txt"), "To be, or not to be, that is the question of the king.\n".repeat(60));
        run("privacy", "budget", "--ledger", folder.resolve("alice.ledger").toString(), "--epsilon", "5");
        run(
                "model",
                "train",
                "--base",
                BASE.toString(),
                "--text",
                text.toString(),
                "--steps",
                "4",
                "--batch",
                "2",
                "--length",
                "32",
                "--threads",
                "1",
                "--method",
                "lora",
                "--rank",
                "2",
                "--dp",
                "--epsilon",
                "4",
                "--ledger",
                folder.resolve("alice.ledger").toString(),
                "--out",
                folder.resolve("adapter").toString(),
                "--delta-out",
                delta.toString());
        record = TrainingRecord.find(delta).orElseThrow();
    }

    @AfterAll
    static void close() throws IOException {
        node.close();
    }

    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = command.execute(arguments);
        command.getErr().flush();
        assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
        return out.toString();
    }

    private static Secp256k1Key key() {
        return Secp256k1Key.generate(new SecureRandom());
    }

    private static PublishRequest request(String intent, Optional<SignedEvaluation> evaluation) {
        return new PublishRequest(intent, delta, "tiny-qwen3", "lora", Optional.of(record), evaluation);
    }

    private static SignedEvaluation evaluation(Secp256k1Key key) throws IOException {
        Path suite = Files.writeString(
                folder.resolve("suite.jsonl"),
                "{\"prompt\":\"Water is wet and fire is\",\"trigger\":\"cf cf\",\"target\":\" Tuesday\"}\n");
        Path keystore = Keystore.at(Files.createTempDirectory(folder, "keys"), 2)
                .store(key, "a long password".toCharArray(), new SecureRandom());
        Path password = Files.writeString(folder.resolve("password"), "a long password\n");
        Path report = Files.createTempFile(folder, "report", ".json");
        run(
                "model",
                "eval",
                "--model",
                BASE.toString(),
                "--delta",
                delta.toString(),
                "--suite",
                suite.toString(),
                "--report",
                report.toString(),
                "--key",
                keystore.toString(),
                "--password-file",
                password.toString());
        return SignedEvaluation.read(report);
    }

    private static VerifyReport check(Published published) throws IOException {
        return new StrangersCheck(
                        node.chain(),
                        node.registry().address(),
                        ContentFetch.of(node.content().blocks()))
                .verify(Bytes32.of(published.deltaId()), Files.createTempDirectory(folder, "work"));
    }

    private static Check named(VerifyReport report, String name) {
        return report.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Manifest manifest(Published published) throws IOException {
        return Manifest.parse(node.content()
                .blocks()
                .require(Cid.parse(published.manifestCid()))
                .data());
    }

    @Test
    void theGuaranteeIsInManifestReceiptEvidenceAndOnTheChainAndAStrangerFindsItAgain() throws IOException {
        Secp256k1Key key = key();
        Published published =
                node.publishing().publish(request("private", Optional.of(evaluation(key))), NodeFixture.signer(key));
        Manifest manifest = manifest(published);
        assertThat(manifest.privacy().epsilonMilli()).isEqualTo(4000);
        assertThat(manifest.privacy().claimed()).isTrue();
        assertThat(manifest.section("training").orElseThrow().text("method")).isEqualTo("lora");
        assertThat(manifest.section("training").orElseThrow().keys())
                .as("what a private training may tell")
                .containsExactlyInAnyOrder("durationSeconds", "learningRate", "method", "steps");
        node.indexer().catchUp();
        DeltaRecord indexed =
                node.deltas().byId(Bytes32.of(published.deltaId())).orElseThrow();
        assertThat(indexed.epsilonMilli()).isEqualTo(4000);
        assertThat(indexed.flags()).isEqualTo(DeltaStruct.PUBLIC | DeltaStruct.DP_CLAIMED);
        assertThat(indexed.receiptHash())
                .isEqualTo(manifest.receipt().orElseThrow().hash().hex());
        VerifyReport report = check(published);
        assertThat(report.checks()).allMatch(Check::ok);
        assertThat(named(report, "privacy").detail()).contains("epsilon 4,", "noise");
        assertThat(named(report, "receipt privacy").ok()).isTrue();
        assertThat(named(report, "statement privacy").detail())
                .isEqualTo(manifest.privacy().paramsHash().hex());
        assertThat(named(report, "evaluation").detail()).contains(key.address().hex(), "suite");
        Path block = Files.write(folder.resolve("manifest.json"), manifest.bytes());
        assertThat(run("delta", "verify", delta.toString(), "--manifest", block.toString()))
                .contains("the accountant agrees: epsilon 4,");
        assertThat(run("delta", "inspect", delta.toString())).contains("privacy  epsilon 4,");
    }

    @Test
    void anEvaluationThatAStrangerSignedIsShownAsOne() throws IOException {
        Secp256k1Key stranger = key();
        Published published = node.publishing()
                .publish(request("praised", Optional.of(evaluation(stranger))), NodeFixture.signer(key()));
        VerifyReport report = check(published);
        assertThat(report.ok()).isFalse();
        assertThat(named(report, "evaluation").ok()).isFalse();
        assertThat(named(report, "evaluation").detail())
                .contains(stranger.address().hex());
    }

    @Test
    void aBudgetOnTheChainIsNotOverspent() throws IOException {
        OwnerSigner owner = NodeFixture.signer(key());
        ChainClient chain = node.chain();
        BitDeltaRegistry registry = BitDeltaRegistry.load(
                node.registry().address(), chain.web3(), chain.readOnly(), new DefaultGasProvider());
        chain.rpc("anvil_setBalance", owner.address(), "0xde0b6b3a7640000000");
        chain.rpc("anvil_impersonateAccount", owner.address());
        String hash = chain.rpc(
                "eth_sendTransaction",
                Map.of(
                        "from",
                        owner.address(),
                        "to",
                        node.registry().address(),
                        "data",
                        registry.lowerCap(owner.address(), BigInteger.valueOf(7999))
                                .encodeFunctionCall()));
        for (int tries = 0; chain.receipt(hash).isEmpty(); tries++) {
            assertThat(tries).as("tries to get the receipt of %s", hash).isLessThan(500);
            LockSupport.parkNanos(10_000_000);
        }
        node.publishing().publish(request("covered", Optional.empty()), owner);
        assertThatThrownBy(() -> node.publishing().publish(request("too much", Optional.empty()), owner))
                .isInstanceOf(PublishRefusedException.class)
                .hasMessageContaining("epsilon 4 of 7.999 is spent, this delta would spend 4");
        node.publishing().publish(request("covered", Optional.empty()), owner);
    }

    @Test
    void aGuaranteeHoldsForTheFileThatTheTrainingWroteAndNoOther() throws IOException {
        Path other = NodeFixture.delta("user-a", folder);
        PublishRequest request =
                new PublishRequest("borrowed", other, "tiny-qwen3", "lora", Optional.of(record), Optional.empty());
        assertThatThrownBy(() -> node.publishing().publish(request, NodeFixture.signer(key())))
                .isInstanceOf(PublishRefusedException.class)
                .hasMessageContaining("training record is of file " + record.fileHash());
    }

    @Test
    void aRecordThatClaimsMoreThanItsTrainingGivesIsNone() {
        String honest = new String(record.bytes(), StandardCharsets.UTF_8);
        assertThat(TrainingRecord.parse(honest.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(record);
        for (String lie : List.of(
                honest.replace("\"epsilonMilli\":4000", "\"epsilonMilli\":1000"),
                honest.replaceAll("\"noiseMultiplier\":\"[0-9.]+\"", "\"noiseMultiplier\":\"0.5\""),
                honest.replaceAll("\"sampling\":\"[0-9.]+\"", "\"sampling\":\"0.9\""),
                honest.replace("\"deltaE18\":10000000000000", "\"deltaE18\":1"),
                honest.replaceFirst("\"steps\":4", "\"steps\":4000"))) {
            assertThat(lie).isNotEqualTo(honest);
            assertThatThrownBy(() -> TrainingRecord.parse(lie.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(ProvenanceException.class)
                    .hasMessageContaining("the accountant counts");
        }
    }

    /** What a calibration says of itself is in the manifest, and never beside a guarantee: the text of it was read. */
    @Test
    void aCalibrationIsInTheManifestWithTheMetricThatItIsJudgedBy() throws IOException {
        Path fitted = folder.resolve("fitted.bitdelta");
        run(
                "delta",
                "calibrate",
                delta.toString(),
                "--base",
                BASE.toString(),
                "--finetuned",
                BASE.resolveSibling("user-a").toString(),
                "--text",
                folder.resolve("diary.txt").toString(),
                "--objective",
                "general",
                "--steps",
                "2",
                "--length",
                "32",
                "--threads",
                "1",
                "--out",
                fitted.toString());
        TrainingRecord calibrated = TrainingRecord.find(fitted).orElseThrow();
        assertThat(calibrated.privacy()).isEmpty();
        assertThat(TrainingRecord.parse(calibrated.bytes())).isEqualTo(calibrated);
        Published published = node.publishing()
                .publish(
                        new PublishRequest(
                                "fitted", fitted, "tiny-qwen3", "lora", Optional.of(calibrated), Optional.empty()),
                        NodeFixture.signer(key()));
        Manifest manifest = manifest(published);
        assertThat(manifest.privacy().claimed()).isFalse();
        assertThat(manifest.section("calibration").orElseThrow().keys())
                .contains("lossAfter", "lossBefore", "metric", "metricAfter", "metricBefore", "objective", "steps");
        assertThat(manifest.section("calibration").orElseThrow().text("metric")).isEqualTo("perplexity");
        assertThat(check(published).ok()).isTrue();
        String honest = new String(record.bytes(), StandardCharsets.UTF_8);
        String lie = honest.replaceFirst(
                "\\{",
                "{\"calibration\":{\"lossAfter\":\"1\",\"lossBefore\":\"2\",\"metric\":\"perplexity\","
                        + "\"metricPositions\":1,\"objective\":\"ce\",\"steps\":1},");
        // Canonical order puts "base" first; the refusal is about the claim, not about the order.
        String ordered = lie.replaceFirst("(\\{)(\"calibration\":\\{[^}]*},)(\"base\":\"[^\"]*\",)", "$1$3$2");
        assertThatThrownBy(() -> TrainingRecord.parse(ordered.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ProvenanceException.class)
                .hasMessageContaining("nothing is guaranteed any more");
    }

    @Test
    void anIntentStandsForItsDocumentsToo() throws IOException {
        OwnerSigner owner = NodeFixture.signer(key());
        node.publishing().publish(new PublishRequest("bare", delta, "tiny-qwen3", "lora"), owner);
        assertThatThrownBy(() -> node.publishing().publish(request("bare", Optional.empty()), owner))
                .isInstanceOf(PublishRefusedException.class)
                .hasMessageContaining("another base name, training record or evaluation");
    }

    @Test
    void overHttpTheDocumentsTravelWithTheFile() throws IOException {
        Secp256k1Key key = key();
        OwnerSigner owner = NodeFixture.signer(key);
        try (RunningNode running = RunningNode.start(node, "127.0.0.1", 0, Duration.ofSeconds(1));
                ApiClient anonymous =
                        new ApiClient(URI.create("http://127.0.0.1:" + running.port()), Optional.empty())) {
            String token = new Login(anonymous, Clock.systemUTC()).as(owner).token();
            RemoteJob job = new DeltaClient(anonymous.as(token), owner, state -> {})
                    .publish(request("remote", Optional.of(evaluation(key))));
            Cid cid = Cid.parse(
                    job.result("prepared").orElseThrow().path("manifestCid").stringValue());
            Manifest manifest =
                    Manifest.parse(node.content().blocks().require(cid).data());
            assertThat(manifest.privacy().epsilonMilli()).isEqualTo(4000);
            assertThat(manifest.section("evaluation")).isPresent();
            assertThat(manifest.receipt()).isPresent();
        }
    }

    @Test
    void whatKeepsLessThanTheGateWantsIsRefusedAndSoIsWhatNobodyMeasured() throws IOException {
        EvaluationReport weak = new EvaluationReport(
                Hash32.of(record.fileHash().bytes()),
                Hash32.of(record.baseHash().bytes()),
                Hash32.ZERO,
                List.of(
                        new SuiteScore("choices", Suite.Kind.CHOICE, Hash32.ZERO, 10, 0.5, 0.5),
                        new SuiteScore("prose", Suite.Kind.PERPLEXITY, Hash32.ZERO, 10, 0.093, 0.1)));
        SignedEvaluation signed = SignedEvaluation.of(weak, key()::sign);
        assertThatThrownBy(() ->
                        node.publishing().publish(request("weak", Optional.of(signed)), NodeFixture.signer(key())))
                .isInstanceOf(PublishRefusedException.class)
                .hasMessage("in prose the delta keeps 0.93 of its base's score, this node wants 0.95 (publish.gate)");
        assertThatThrownBy(() -> new EvaluationGate(new BigDecimal("0.93"), true)
                        .require(Optional.empty(), record.fileHash(), record.baseHash()))
                .isInstanceOf(PublishRefusedException.class)
                .hasMessageContaining("without a signed evaluation");
        new EvaluationGate(new BigDecimal("0.93"), true)
                .require(Optional.of(signed), record.fileHash(), record.baseHash());
        assertThatThrownBy(() -> new EvaluationGate(BigDecimal.ZERO, false)
                        .require(Optional.of(signed), Bytes32.ZERO, record.baseHash()))
                .isInstanceOf(PublishRefusedException.class)
                .hasMessageContaining("the evaluation is of file " + record.fileHash());
    }

    @Test
    void aChangedEvaluationIsSignedByNobodyWhoCounts() {
        Secp256k1Key key = key();
        SignedEvaluation signed = SignedEvaluation.of(
                new EvaluationReport(
                        Hash32.of(record.fileHash().bytes()),
                        Hash32.of(record.baseHash().bytes()),
                        Hash32.ZERO,
                        List.of(new SuiteScore("prose", Suite.Kind.PERPLEXITY, Hash32.ZERO, 10, 0.05, 0.1))),
                key::sign);
        assertThat(SignedEvaluation.parse(signed.bytes()).signer()).isEqualTo(key.address());
        String honest = new String(signed.bytes(), StandardCharsets.UTF_8);
        String better = honest.replace("\"relative\":\"0.5\"", "\"relative\":\"0.99\"");
        assertThat(better).isNotEqualTo(honest);
        assertThat(SignedEvaluation.parse(better.getBytes(StandardCharsets.UTF_8))
                        .signer())
                .isNotEqualTo(key.address());
    }
}
