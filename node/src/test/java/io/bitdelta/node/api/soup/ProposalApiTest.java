package io.bitdelta.node.api.soup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.client.DeltaClient;
import io.bitdelta.node.client.JobFailedException;
import io.bitdelta.node.client.Login;
import io.bitdelta.node.client.NodeRefusedException;
import io.bitdelta.node.client.RemoteJob;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.local.RunningNode;
import io.bitdelta.node.publish.OwnerSigner;
import io.bitdelta.node.soup.Contribution;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Soups in the making, at a running node, by people who have nothing but keys and HTTP. */
final class ProposalApiTest {
    private static final Secp256k1Key OPERATOR = Secp256k1Key.generate(new SecureRandom());

    @TempDir
    static Path folder;

    private static LocalNode node;
    private static RunningNode running;
    private static Contribution alice;
    private static Contribution bob;

    @BeforeAll
    static void open() throws IOException {
        node = NodeFixture.open(folder.resolve("node"), NodeConfig.defaults().withOperator(OPERATOR.address()));
        alice = Contribution.publish(node, "user-a", "a", folder);
        bob = Contribution.publish(node, "user-b", "b", folder);
        running = RunningNode.start(node, "127.0.0.1", 0, Duration.ofSeconds(1));
    }

    @AfterAll
    static void close() throws IOException {
        running.close();
        node.close();
    }

    private static ApiClient as(OwnerSigner account) {
        URI address = URI.create("http://127.0.0.1:" + running.port());
        ApiClient anonymous = new ApiClient(address, Optional.empty());
        return anonymous.as(new Login(anonymous, Clock.systemUTC()).as(account).token());
    }

    private static ApiClient operator() {
        return as(OwnerSigner.of(OPERATOR));
    }

    private static RemoteJob propose(String key, Contribution... members) {
        ApiClient operator = operator();
        List<String> ids =
                Stream.of(members).map(member -> member.deltaId().hex()).toList();
        JsonNode accepted = operator.json(ApiClient.withBody(
                operator.request("/api/soups").header("Idempotency-Key", key), Map.of("name", key, "members", ids)));
        return new RemoteJob(operator, accepted, state -> {});
    }

    private static String did(OwnerSigner owner) {
        return new LuxDid(31337, EvmAddress.of(owner.address())).toString();
    }

    private static JsonNode asked(DeltaClient client, Contribution member, RemoteJob soup) {
        for (JsonNode request : client.consentsAskedFor(did(member.owner()))) {
            if (request.path("proposal").stringValue().equals(soup.id())) {
                return request;
            }
        }
        throw new AssertionError("%s is not asked for soup %s".formatted(member.owner(), soup.id()));
    }

    private static DeltaClient client(OwnerSigner account) {
        return new DeltaClient(as(account), account, state -> {});
    }

    @Test
    void aSoupIsProposedWithTheLastConsentAndMadeFinalAfterItsWindow() {
        RemoteJob soup = propose("whole", alice, bob);
        assertThat(soup.reach("proposed")).as("it waits for consents").isFalse();
        assertThat(propose("whole", alice, bob).id()).isEqualTo(soup.id());

        DeltaClient alices = client(alice.owner());
        assertThat(alices.consent(asked(alices, alice, soup)).path("given").booleanValue())
                .isTrue();
        soup.refresh();
        assertThat(soup.reach("proposed")).as("it waits for the other one").isFalse();
        assertThat(alices.consentsAskedFor(did(alice.owner())))
                .allMatch(request -> !request.path("proposal").stringValue().equals(soup.id()));

        DeltaClient bobs = client(bob.owner());
        bobs.consent(asked(bobs, bob, soup));
        soup.refresh();
        assertThat(soup.reach("proposed")).isTrue();
        node.embeddedChain().orElseThrow().advanceClock(61);
        assertThat(soup.settle()).isTrue();
        assertThat(soup.result("final")).isPresent();

        String id = soup.result("proposed").orElseThrow().path("soup").stringValue();
        JsonNode first = operator().get("/api/soups/" + id + "/members?limit=1");
        JsonNode second = operator().get("/api/soups/" + id + "/members?cursor=1");
        assertThat(List.of(
                        first.path("members").path(0).path("deltaId").stringValue(),
                        second.path("members").path(0).path("deltaId").stringValue()))
                .containsExactlyElementsOf(Stream.of(alice, bob)
                        .map(member -> member.deltaId().hex())
                        .sorted()
                        .toList());
        assertThat(first.path("next").intValue()).isEqualTo(1);
        assertThat(second.has("next")).isFalse();
    }

    @Test
    void nobodyConsentsForSomebodyElse() {
        RemoteJob soup = propose("others", alice, bob);
        soup.reach("proposed");
        DeltaClient bobs = client(bob.owner());
        JsonNode alices = asked(client(alice.owner()), alice, soup);
        assertThatThrownBy(() -> bobs.consent(alices))
                .isInstanceOf(NodeRefusedException.class)
                .hasMessageContaining("is not signed by " + alice.owner().address());
        assertThatThrownBy(() -> bobs.consentsAskedFor(did(alice.owner())))
                .isInstanceOfSatisfying(
                        NodeRefusedException.class,
                        refused -> assertThat(refused.status()).isEqualTo(403));
        soup.refresh();
        assertThat(soup.reach("proposed")).isFalse();
    }

    @Test
    void onlyOperatorsProposeWithTheNodesBond() {
        ApiClient alices = as(alice.owner());
        Map<String, Object> body =
                Map.of("name", "mine", "members", List.of(alice.deltaId().hex()));
        assertThatThrownBy(() -> alices.post("/api/soups", body))
                .isInstanceOfSatisfying(
                        NodeRefusedException.class,
                        refused -> assertThat(refused.status()).isEqualTo(403));
    }

    @Test
    void aMemberThatIsNotRegisteredEndsTheJobAndIsNamed() {
        String unknown = "0x" + "5e".repeat(32);
        ApiClient operator = operator();
        JsonNode accepted = operator.post("/api/soups", Map.of("name", "unknown", "members", List.of(unknown)));
        RemoteJob soup = new RemoteJob(operator, accepted, state -> {});
        assertThatThrownBy(() -> soup.reach("proposed"))
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining(unknown)
                .hasMessageContaining("not in the registry");
    }

    @Test
    void aScrubNamesTheBlockThatRotted() throws IOException {
        ApiClient operator = operator();
        assertThat(scrub(operator).path("ok").booleanValue()).isTrue();
        Path block = largestBlock();
        byte[] bytes = Files.readAllBytes(block);
        byte[] rotten = bytes.clone();
        rotten[rotten.length / 2] ^= 1;
        assertThat(block.toFile().setWritable(true)).isTrue();
        Files.write(block, rotten);
        try {
            JsonNode report = scrub(operator);
            assertThat(report.path("ok").booleanValue()).isFalse();
            assertThat(report.path("findings").path(0).path("problem").stringValue())
                    .isEqualTo("corrupt");
            assertThat(report.path("findings").path(0).path("cid").stringValue())
                    .startsWith("baf");
        } finally {
            Files.write(block, bytes);
        }
        assertThat(scrub(operator).path("ok").booleanValue()).isTrue();
    }

    private static JsonNode scrub(ApiClient operator) {
        JsonNode accepted = operator.json(operator.request("/api/store/scrubs").POST(BodyPublishers.noBody()));
        RemoteJob job = new RemoteJob(operator, accepted, state -> {});
        job.settle();
        return job.result("scrubbed").orElseThrow();
    }

    private static Path largestBlock() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("node").resolve("store"))) {
            return files.filter(Files::isRegularFile)
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
        }
    }
}
