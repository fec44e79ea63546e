package io.bitdelta.node.demo;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.CompressReport;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.ipfs.Progress;
import io.bitdelta.ipfs.pin.ScrubReport;
import io.bitdelta.node.chain.EmbeddedChain;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.ServedNode;
import io.bitdelta.node.lookup.DeltaRecord;
import io.bitdelta.node.publish.OwnerSigner;
import io.bitdelta.node.publish.PublishRequest;
import io.bitdelta.node.publish.Published;
import io.bitdelta.node.royalty.Claims;
import io.bitdelta.node.royalty.Royalties;
import io.bitdelta.node.royalty.RoyaltiesContract;
import io.bitdelta.node.soup.Payee;
import io.bitdelta.node.soup.SoupMember;
import io.bitdelta.node.soup.SoupService;
import io.bitdelta.node.soup.SoupsContract;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Three users' deltas, from compression to royalties and a stranger's check, on an embedded chain and store.
 *
 * <p>The content store is scrubbed before every step: a block that rotted in between ends the story and is named.
 */
public final class Demo {
    private static final List<String> USERS = List.of("user-a", "user-b", "user-c");

    /** One unit of the development chain's currency plus one wei, so that rounding shows. */
    private static final BigInteger PAYMENT = BigInteger.TEN.pow(18).add(BigInteger.ONE);

    private final Path data;
    private final Path models;
    private final NodeConfig config;
    private final Clock clock;
    private final Consumer<DemoStep> narrator;
    private final List<DemoStep> steps = new ArrayList<>();
    private final Map<String, Path> deltaFiles = new LinkedHashMap<>();
    private final Map<String, Published> published = new LinkedHashMap<>();

    private @Nullable LocalNode node;
    private @Nullable ServedNode server;

    /**
     * @param data the data folder; a second run on it continues
     * @param models folder of the shipped models
     * @param config where content is kept; the chain must be the embedded one
     * @param narrator hears each step as it ends
     */
    public Demo(Path data, Path models, NodeConfig config, Clock clock, Consumer<DemoStep> narrator) {
        this.data = data;
        this.models = models;
        this.config = config;
        this.clock = clock;
        this.narrator = narrator;
    }

    /** What a step does; returns what to tell. */
    @FunctionalInterface
    private interface Work {
        String run() throws IOException;
    }

    /** Tells the whole story. Failures end it and are in the report. */
    public DemoReport run() throws IOException {
        try {
            step("start", this::start);
            for (String user : USERS) {
                step("compress " + user, () -> compress(user));
            }
            for (String user : USERS) {
                step("publish " + user, () -> publish(user));
            }
            for (String user : USERS) {
                step("look up " + user, () -> lookUp(user));
            }
            SoupService.Proposed[] soup = new SoupService.Proposed[1];
            step("propose soup", () -> propose(soup));
            FraudStory[] fraud = new FraudStory[1];
            step("plant fraud", () -> {
                fraud[0] = new FraudStory(node());
                return fraud[0].plant(members(), soupFile());
            });
            step("recount soups", () -> fraud[0].recount(soup[0]));
            step("defend fraud", () -> fraud[0].defend());
            step("slash fraud", () -> fraud[0].slash());
            step("finalise soup", () -> finalise(soup[0]));
            step("pay royalties", () -> pay(soup[0]));
            for (String user : USERS) {
                step("claim " + user, () -> claim(user, soup[0]));
            }
            step("settle accounts", () -> accounts(soup[0]));
            step("verify from outside", this::verifyFromOutside);
            step("scrub store", () -> "%d blocks hash to their names".formatted(scrub()));
            return new DemoReport(true, List.copyOf(steps), null);
        } catch (StepFailed failed) {
            return new DemoReport(false, List.copyOf(steps), failed.getCause());
        } finally {
            close();
        }
    }

    private void step(String name, Work work) throws StepFailed {
        long start = System.nanoTime();
        try {
            if (node != null) {
                scrub();
            }
            tell(new DemoStep(name, true, work.run(), seconds(start)));
        } catch (IOException | RuntimeException failure) {
            tell(new DemoStep(name, false, String.valueOf(failure.getMessage()), seconds(start)));
            throw new StepFailed(failure);
        }
    }

    private void tell(DemoStep step) {
        steps.add(step);
        narrator.accept(step);
    }

    private static double seconds(long start) {
        return Math.round((System.nanoTime() - start) / 1e6) / 1e3;
    }

    private String start() throws IOException {
        if (!Files.isDirectory(models)) {
            throw new NoSuchFileException(models.toString());
        }
        node = LocalNode.open(data, config, Optional.empty(), clock);
        server = ServedNode.start(node, "127.0.0.1", 0);
        node.indexer().catchUp();
        return "content in the %s store, development chain %d at %s, registry %s, soups %s, royalties %s, gateway http://127.0.0.1:%d"
                .formatted(
                        config.store().kind(),
                        node.registry().chainId(),
                        node.chain().url(),
                        node.deployment().address("BitDeltaRegistryProxy"),
                        node.deployment().address("DeltaSoups"),
                        node.deployment().address("BitDeltaRoyalties"),
                        server.port());
    }

    private String compress(String user) throws IOException {
        Path file = node().folder().deltas().resolve(user + ".bitdelta.safetensors");
        CompressReport report = DeltaCompressor.compress(
                models.resolve("base"), models.resolve(user), file, CompressOptions.defaults(), bytes -> {});
        deltaFiles.put(user, file);
        return "%d bytes, %.2f times smaller, deltaHash %s"
                .formatted(report.bytes(), report.ratio(), report.deltaHash());
    }

    private String publish(String user) throws IOException {
        Published result = node().publishing()
                .publish(new PublishRequest("demo " + user, file(user), "tiny-qwen3", "full"), owner(user));
        published.put(user, result);
        return "%s, delta %s, manifest %s, evidence %s (%s), id %s, %s"
                .formatted(
                        result.did(),
                        result.deltaCid(),
                        result.manifestCid(),
                        result.evidenceCid(),
                        result.evidenceStatus(),
                        result.deltaId(),
                        DemoText.transaction(result.transaction()));
    }

    private String lookUp(String user) {
        node().indexer().catchUp();
        Published expected = published(user);
        List<DeltaRecord> found = node().deltas().byDid(LuxDid.parse(expected.did()));
        boolean there = found.stream().anyMatch(record -> record.deltaId().equals(expected.deltaId()));
        if (!there) {
            throw new IllegalStateException(
                    "%s has no delta %s in the index".formatted(expected.did(), expected.deltaId()));
        }
        return "%s has %d delta%s, newest manifest %s in block %d"
                .formatted(
                        expected.did(),
                        found.size(),
                        found.size() == 1 ? "" : "s",
                        found.getLast().manifestCid(),
                        found.getLast().block());
    }

    private String propose(SoupService.Proposed[] result) throws IOException {
        List<SoupMember> members = members();
        SoupService.Proposed soup = node().soups().propose("demo soup", members, soupFile());
        result[0] = soup;
        return "majority of %d with signed consents, %s, soup %s, bond %s wei, %s"
                .formatted(
                        members.size(),
                        soup.cid(),
                        soup.soupId(),
                        node().soups().bond(),
                        DemoText.transaction(soup.transaction()));
    }

    private List<SoupMember> members() throws IOException {
        List<SoupMember> members = new ArrayList<>();
        for (String user : USERS) {
            members.add(new SoupMember(published(user).deltaId(), file(user), owner(user)));
        }
        return members;
    }

    private Path soupFile() {
        return node().folder().deltas().resolve("soup.bitdelta.safetensors");
    }

    private String finalise(SoupService.Proposed soup) {
        String clockNote = "";
        long wait = soup.closesAt() - node().chain().head().timestamp();
        if (node().soups().status(soup.soupId()).status() == SoupsContract.Status.PROPOSED && wait > 0) {
            EmbeddedChain chain = node().embeddedChain().orElseThrow();
            chain.advanceClock(wait);
            clockNote = ", development chain's clock moved forward %d s over the challenge window".formatted(wait);
        }
        OutboxEntry entry = node().soups().finalizeSoup(soup);
        return "soup %s is final%s, %s".formatted(soup.soupId(), clockNote, DemoText.transaction(entry));
    }

    private String pay(SoupService.Proposed soup) {
        OutboxEntry entry = node().royalties()
                .payments()
                .pay("demo payment", soup.soupId(), Royalties.NATIVE, PAYMENT)
                .transaction();
        return "%s wei (development money) for %d contributors, %s"
                .formatted(PAYMENT, soup.payees().size(), DemoText.transaction(entry));
    }

    private String claim(String user, SoupService.Proposed soup) throws IOException {
        EvmAddress identity = EvmAddress.of(owner(user).address());
        BigInteger before = node().chain().balance(identity.hex());
        List<String> told = new ArrayList<>();
        node().catchUp();
        Claims claims = node().royalties().claims();
        for (Claims.Sent sent :
                claims.claim(claims.plan(identity, Optional.empty())).sent()) {
            told.add(DemoText.transaction(sent.transaction()));
        }
        BigInteger after = node().chain().balance(identity.hex());
        Payee payee = soup.payees().stream()
                .filter(candidate -> candidate.identity().equals(identity.hex()))
                .findFirst()
                .orElseThrow();
        return "share [%d, %d) of 1e9, received %s wei, balance %s wei%s"
                .formatted(
                        payee.start(),
                        payee.end(),
                        after.subtract(before),
                        after,
                        told.isEmpty() ? ", claimed before" : ", " + String.join("; ", told));
    }

    private String accounts(SoupService.Proposed soup) {
        RoyaltiesContract.Pot pot = node().royalties().contract().pot(soup.soupId(), RoyaltiesContract.NATIVE);
        BigInteger dust = pot.received().subtract(pot.paid());
        if (dust.signum() < 0 || dust.compareTo(BigInteger.valueOf(soup.payees().size())) >= 0) {
            throw new IllegalStateException("received %s, paid %s: the rest must be under %d wei"
                    .formatted(pot.received(), pot.paid(), soup.payees().size()));
        }
        return "received %s wei = paid %s + dust %s".formatted(pot.received(), pot.paid(), dust);
    }

    private String verifyFromOutside() throws IOException {
        String deltaId = published(USERS.getFirst()).deltaId();
        Stranger.Answer answer = Stranger.verify(
                deltaId,
                node().chain().url(),
                node().deployment().address("BitDeltaRegistryProxy"),
                "http://127.0.0.1:" + Objects.requireNonNull(server).port());
        JsonNode checks = answer.report().path("checks");
        if (answer.exitCode() != 0 || !answer.report().path("ok").asBoolean()) {
            throw new NotVerifiedException(
                    "the stranger's check of %s does not hold: %s".formatted(deltaId, answer.report()));
        }
        return "another process in an empty folder passed %d checks of delta %s".formatted(checks.size(), deltaId);
    }

    private int scrub() throws IOException {
        ScrubReport report = node().content().verify(Progress.NONE);
        if (!report.ok()) {
            throw new StoreDamagedException(report.findings());
        }
        return report.checked().size();
    }

    private OwnerSigner owner(String user) throws IOException {
        Secp256k1Key key = node().developmentKeys().named(user);
        return new OwnerSigner() {
            @Override
            public String address() {
                return key.address().hex();
            }

            @Override
            public EvmSignature sign(Bytes32 digest) {
                return key.sign(digest);
            }
        };
    }

    private LocalNode node() {
        return Objects.requireNonNull(node, "the first step opens the node");
    }

    private Path file(String user) {
        return Objects.requireNonNull(deltaFiles.get(user));
    }

    private Published published(String user) {
        return Objects.requireNonNull(published.get(user));
    }

    private void close() throws IOException {
        if (server != null) {
            server.close();
        }
        if (node != null) {
            node.close();
        }
    }

    /** Ends the story; its cause was told already. */
    private static final class StepFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StepFailed(Exception cause) {
            super(cause);
        }
    }
}
