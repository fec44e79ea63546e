package io.bitdelta.node.demo;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.CompressReport;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.gateway.GatewayClient;
import io.bitdelta.node.client.RemoteJob;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.config.TemporaryFolder;
import io.bitdelta.node.publish.PublishRequest;
import io.bitdelta.node.soup.MemberList;
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
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Three users' deltas, from compression to royalties and a stranger's check. Users and the operator reach the node over
 * HTTP only, each with a key and a session; whatever they ask for has an idempotency key, so that a second run repeats
 * nothing.
 */
public final class Demo {
    private static final List<String> USERS = List.of("user-a", "user-b", "user-c");
    private static final long MOST_BYTES = 1 << 26;

    /** One unit of the development chain's currency plus one wei, so that rounding shows. */
    private static final BigInteger PAYMENT = BigInteger.TEN.pow(18).add(BigInteger.ONE);

    private final Path data;
    private final Path models;
    private final NodeConfig config;
    private final Clock clock;
    private final Consumer<DemoStep> narrator;
    private final List<DemoStep> steps = new ArrayList<>();
    private final Map<String, Actor> users = new LinkedHashMap<>();
    private final Map<String, String> deltaIds = new LinkedHashMap<>();

    private @Nullable Stage stage;
    private @Nullable Actor operator;

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
            RemoteJob[] soup = new RemoteJob[1];
            step("propose soup", () -> propose(soup));
            FraudStory fraud = new FraudStory(stage().node(), operator());
            step("plant fraud", () -> plant(fraud, soup[0]));
            step("recount soups", () -> fraud.recount(Bytes32.of(soupId(soup[0]))));
            step("defend fraud", fraud::defend);
            step("slash fraud", fraud::slash);
            step("finalise soup", () -> finalise(soup[0]));
            step("pay royalties", () -> pay(soupId(soup[0])));
            for (String user : USERS) {
                step("claim " + user, () -> claim(user, soupId(soup[0])));
            }
            step("settle accounts", () -> accounts(soupId(soup[0])));
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
        stage = Stage.open(data, config, clock);
        operator = stage.operator();
        for (String user : USERS) {
            users.put(user, stage.user(user));
        }
        scrub();
        JsonNode node = operator.api().get("/api/node");
        return "content in the %s store, development chain %d at %s, registry %s, soups %s, royalties %s, node and gateway %s"
                .formatted(
                        config.store().kind(),
                        node.path("chainId").longValue(),
                        stage.rpc(),
                        contract(node, "BitDeltaRegistryProxy"),
                        contract(node, "DeltaSoups"),
                        contract(node, "BitDeltaRoyalties"),
                        stage.address());
    }

    private static String contract(JsonNode node, String name) {
        return node.path("contracts").path(name).stringValue();
    }

    private Path file(String user) {
        return data.resolve("deltas").resolve(user + ".bitdelta.safetensors");
    }

    private String compress(String user) throws IOException {
        CompressReport report = DeltaCompressor.compress(
                models.resolve("base"), models.resolve(user), file(user), CompressOptions.defaults(), bytes -> {});
        return "%d bytes, %.2f times smaller, deltaHash %s"
                .formatted(report.bytes(), report.ratio(), report.deltaHash());
    }

    private String publish(String user) throws IOException {
        RemoteJob job =
                user(user).deltas().publish(new PublishRequest("demo-" + user, file(user), "tiny-qwen3", "full"));
        JsonNode prepared = job.result("prepared").orElseThrow();
        JsonNode attested = job.result("attested").orElseThrow();
        deltaIds.put(user, prepared.path("deltaId").stringValue());
        return "%s, delta %s, manifest %s, evidence %s (%s), id %s, %s"
                .formatted(
                        user(user).did(),
                        prepared.path("deltaCid").stringValue(),
                        prepared.path("manifestCid").stringValue(),
                        attested.path("evidenceCid").stringValue(),
                        attested.path("status").stringValue(),
                        deltaId(user),
                        DemoText.transaction(job.result("confirmed").orElseThrow()));
    }

    private String lookUp(String user) {
        String path = "/api/dids/" + user(user).did() + "/deltas";
        return Patience.await("delta " + deltaId(user) + " in the index", () -> {
            JsonNode deltas = operator().api().get(path).path("items");
            return StreamSupport.stream(deltas.spliterator(), false)
                    .filter(delta -> delta.path("deltaId").stringValue().equals(deltaId(user)))
                    .findFirst()
                    .map(delta -> "%s has %d delta%s, newest manifest %s in block %d"
                            .formatted(
                                    user(user).did(),
                                    deltas.size(),
                                    deltas.size() == 1 ? "" : "s",
                                    delta.path("manifestCid").stringValue(),
                                    delta.path("block").longValue()));
        });
    }

    private String propose(RemoteJob[] soup) {
        JsonNode accepted = operator()
                .ask("/api/soups", "demo-soup", Map.of("name", "demo soup", "members", List.copyOf(deltaIds.values())));
        RemoteJob job = new RemoteJob(operator().api(), accepted, state -> {});
        while (!job.reach("proposed")) {
            users.values().forEach(user -> consent(user, job.id()));
            job.refresh();
        }
        soup[0] = job;
        JsonNode proposed = job.result("proposed").orElseThrow();
        return "majority of %d with signed consents, %s, soup %s, bond %s wei, %s"
                .formatted(
                        USERS.size(),
                        proposed.path("cid").stringValue(),
                        soupId(job),
                        proposed.path("bondWei").stringValue(),
                        DemoText.transaction(proposed));
    }

    private static void consent(Actor user, String proposal) {
        for (JsonNode request : user.deltas().consentsAskedFor(user.did())) {
            if (request.path("proposal").stringValue().equals(proposal)) {
                user.deltas().consent(request);
            }
        }
    }

    private static String soupId(RemoteJob soup) {
        return soup.result("proposed").orElseThrow().path("soup").stringValue();
    }

    /** The dishonest account takes the honest soup and its members' consents from the gateway, like anybody can. */
    private String plant(FraudStory fraud, RemoteJob soup) throws IOException {
        GatewayClient gateway = new GatewayClient(List.of(stage().address()));
        Cid manifest = Cid.parse(SoupView.of(operator(), soupId(soup))
                .path("soup")
                .path("manifest")
                .stringValue());
        try (TemporaryFolder folder = TemporaryFolder.create("bitdelta-demo")) {
            Cid list = Cid.parse(Manifest.parse(bytes(gateway, manifest, folder))
                    .section("soup")
                    .orElseThrow()
                    .text("membersCid"));
            Path honest = folder.path().resolve("soup");
            gateway.fetch(
                    Cid.parse(soup.result("proposed").orElseThrow().path("cid").stringValue()), honest, MOST_BYTES);
            return fraud.plant(MemberList.parse(bytes(gateway, list, folder)), honest);
        }
    }

    private static byte[] bytes(GatewayClient gateway, Cid cid, TemporaryFolder folder) throws IOException {
        Path file = folder.path().resolve(cid.toString());
        gateway.fetch(cid, file, MemberList.MAX_BYTES);
        return Files.readAllBytes(file);
    }

    private String finalise(RemoteJob soup) {
        String clockNote = "";
        long wait = soup.result("proposed").orElseThrow().path("closesAt").longValue() - stage().chainTime();
        soup.refresh();
        if (!soup.succeeded() && wait > 0) {
            stage().advanceClock(wait);
            clockNote = ", development chain's clock moved forward %d s over the challenge window".formatted(wait);
        }
        soup.settle();
        return "soup %s is final%s, %s"
                .formatted(
                        soupId(soup),
                        clockNote,
                        DemoText.transaction(soup.result("final").orElseThrow()));
    }

    private RemoteJob followed(Actor who, JsonNode accepted) {
        RemoteJob job = new RemoteJob(who.api(), accepted, state -> {});
        job.settle();
        return job;
    }

    private String pay(String soupId) {
        JsonNode accepted = operator()
                .ask("/api/royalties/payments", "demo-payment", Map.of("soup", soupId, "amount", PAYMENT.toString()));
        JsonNode paid = followed(operator(), accepted).result("paid").orElseThrow();
        return "%s wei (development money) for %d contributors, tx %s, block %d"
                .formatted(
                        PAYMENT,
                        USERS.size(),
                        paid.path("tx").stringValue(),
                        paid.path("block").longValue());
    }

    private String claim(String user, String soupId) {
        Actor owner = user(user);
        boolean unclaimed =
                share(owner, soupId, "earned").path("claimed").stringValue().equals("0");
        if (unclaimed) {
            followed(owner, owner.ask("/api/royalties/claims", "demo-claim-" + user, Map.of("did", owner.did())));
        }
        JsonNode share = share(owner, soupId, "claimed");
        return "share [%d, %d) of 1e9, received %s wei%s"
                .formatted(
                        share.path("start").longValue(),
                        share.path("end").longValue(),
                        share.path("claimed").stringValue(),
                        unclaimed ? "" : ", claimed before");
    }

    /** A user's share, once some of it was earned or claimed. */
    private static JsonNode share(Actor owner, String soupId, String what) {
        return Patience.await(
                "%s to have %s royalties".formatted(owner.did(), what),
                () -> StreamSupport.stream(
                                owner.api()
                                        .get("/api/royalties/" + owner.did())
                                        .path("balances")
                                        .spliterator(),
                                false)
                        .flatMap(balance ->
                                StreamSupport.stream(balance.path("shares").spliterator(), false))
                        .filter(share -> share.path("soup").stringValue().equals(soupId)
                                && !share.path(what).stringValue().equals("0"))
                        .findFirst());
    }

    private String accounts(String soupId) {
        return Patience.await("the accounts of soup " + soupId + " to balance", () -> {
            JsonNode pot = SoupView.of(operator(), soupId).path("pots").path(0);
            BigInteger received =
                    new BigInteger(pot.path("received").path("units").stringValue());
            BigInteger paid = new BigInteger(pot.path("paid").path("units").stringValue());
            BigInteger dust = received.subtract(paid);
            return dust.signum() < 0 || dust.compareTo(BigInteger.valueOf(USERS.size())) >= 0
                    ? Optional.empty()
                    : Optional.of("received %s wei = paid %s + dust %s".formatted(received, paid, dust));
        });
    }

    private String verifyFromOutside() throws IOException {
        String deltaId = deltaId(USERS.getFirst());
        JsonNode node = operator().api().get("/api/node");
        Stranger.Answer answer = Stranger.verify(
                deltaId,
                stage().rpc(),
                contract(node, "BitDeltaRegistryProxy"),
                stage().address().toString());
        JsonNode checks = answer.report().path("checks");
        if (answer.exitCode() != 0 || !answer.report().path("ok").asBoolean()) {
            throw new NotVerifiedException(
                    "the stranger's check of %s does not hold: %s".formatted(deltaId, answer.report()));
        }
        return "another process in an empty folder passed %d checks of delta %s".formatted(checks.size(), deltaId);
    }

    /** Has the node hash every block that it pins; looks at the store as it is now, so each time is another job. */
    private long scrub() {
        JsonNode accepted = operator().ask("/api/store/scrubs", "demo-" + UUID.randomUUID());
        RemoteJob job = new RemoteJob(operator().api(), accepted, state -> {});
        job.settle();
        JsonNode report = job.result("scrubbed").orElseThrow();
        if (!report.path("ok").booleanValue()) {
            throw new StoreDamagedException(
                    StreamSupport.stream(report.path("findings").spliterator(), false)
                            .map(found -> found.path("detail").stringValue())
                            .toList());
        }
        return report.path("blocks").longValue();
    }

    private Stage stage() {
        return Objects.requireNonNull(stage, "the first step opens the stage");
    }

    private Actor operator() {
        return Objects.requireNonNull(operator, "the first step signs the operator in");
    }

    private Actor user(String name) {
        return Objects.requireNonNull(users.get(name));
    }

    private String deltaId(String user) {
        return Objects.requireNonNull(deltaIds.get(user));
    }

    private void close() throws IOException {
        users.values().forEach(Actor::close);
        if (operator != null) {
            operator.close();
        }
        if (stage != null) {
            stage.close();
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
