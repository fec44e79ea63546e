package io.bitdelta.node.api.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.did.DidChange;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.local.ServedNode;
import io.bitdelta.node.publish.PublishRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** DIDs, deltas and the ledger over HTTP, on a real chain. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // opened before all tests
final class LookupApiTest {
    private static final String RESULT = "application/did-resolution";

    private final HttpClient http = HttpClient.newHttpClient();
    private LocalNode node;
    private ServedNode served;
    private String did;
    private String ended;
    private String fileCid;
    private String fileHash;

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        node = NodeFixture.open(folder.resolve("node"));
        served = ServedNode.start(node, "127.0.0.1", 0);
        Secp256k1Key alice = node.developmentKeys().named("alice");
        Secp256k1Key bob = node.developmentKeys().named("bob");
        did = "did:lux:31337:" + alice.address().hex();
        ended = "did:lux:31337:" + bob.address().hex();
        Path delta = NodeFixture.delta("user-a", folder);
        var published = node.publishing()
                .publish(
                        new PublishRequest(
                                PublishRequest.intentOf(delta, alice.address().hex()), delta, "tiny-qwen3", "lora"),
                        NodeFixture.signer(alice));
        fileCid = published.deltaCid();
        fileHash = published.contentRoot();
        node.didChanges()
                .apply(
                        alice.address(),
                        new DidChange.AddDelegate("veriKey", bob.address(), 3600),
                        NodeFixture.signer(alice));
        node.didChanges()
                .apply(
                        bob.address(),
                        new DidChange.Rotate(io.bitdelta.attestation.bytes.EvmAddress.of("0x" + "0".repeat(40))),
                        NodeFixture.signer(bob));
        node.indexer().catchUp();
        node.manifests().catchUp();
    }

    @AfterAll
    void close() throws IOException {
        http.close();
        served.close();
        node.close();
    }

    private HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + served.port() + path))
                        .header("Accept", accept)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path, "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }

    @Test
    void aDidIsResolvedInBothRepresentations() throws Exception {
        HttpResponse<String> whole = get("/1.0/identifiers/" + did, RESULT);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.headers().firstValue("Content-Type").orElseThrow()).startsWith(RESULT);
        JsonNode result = JsonMapper.shared().readTree(whole.body());
        HttpResponse<String> alone = get("/1.0/identifiers/" + did, "application/did");
        assertThat(alone.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/did");
        assertThat(JsonMapper.shared().readTree(alone.body())).isEqualTo(result.get("didDocument"));
        assertThat(result.at("/didDocument/verificationMethod")).hasSize(2);
    }

    @Test
    void anEarlierVersionIsResolved() throws Exception {
        HttpResponse<String> first = get("/1.0/identifiers/" + did + "?versionId=0", RESULT);
        assertThat(JsonMapper.shared().readTree(first.body()).at("/didDocument/verificationMethod"))
                .hasSize(1);
        HttpResponse<String> old = get("/1.0/identifiers/" + did + "?versionTime=2020-01-01T00:00:00Z", RESULT);
        assertThat(JsonMapper.shared().readTree(old.body()).get("didDocument"))
                .isEqualTo(JsonMapper.shared().readTree(first.body()).get("didDocument"));
    }

    @ParameterizedTest
    @CsvSource({
        "did:lux:1:0x1111111111111111111111111111111111111111, 404, NOT_FOUND",
        "nonsense, 400, INVALID_DID",
        "did%3Alux%3A31337%3A0x12, 400, INVALID_DID",
        "did:example:123, 501, METHOD_NOT_SUPPORTED",
        "did:lux:31337:0x1111111111111111111111111111111111111111?versionId=9, 404, NOT_FOUND",
        "did:lux:31337:0x1111111111111111111111111111111111111111?versionTime=x, 400, INVALID_OPTIONS"
    })
    void failuresHaveTheStatusOfTheBinding(String asked, int status, String kind) throws Exception {
        for (String accept : new String[] {RESULT, "application/did"}) {
            HttpResponse<String> answer = get("/1.0/identifiers/" + asked, accept);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            assertThat(JsonMapper.shared()
                            .readTree(answer.body())
                            .at("/didResolutionMetadata/error/type")
                            .stringValue())
                    .isEqualTo("https://www.w3.org/ns/did#" + kind);
        }
    }

    @Test
    void anEndedDidIsGone() throws Exception {
        HttpResponse<String> answer = get("/1.0/identifiers/" + ended, RESULT);
        assertThat(answer.statusCode()).isEqualTo(410);
        assertThat(JsonMapper.shared()
                        .readTree(answer.body())
                        .at("/didDocumentMetadata/deactivated")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void aRepresentationThatNobodyMakesIsNotAcceptable() throws Exception {
        assertThat(get("/1.0/identifiers/" + did, "application/did+cbor").statusCode())
                .isEqualTo(406);
    }

    @Test
    void aDeltaIsFoundByOwnerBaseCidAndHash() throws Exception {
        JsonNode delta = json("/api/deltas?did=" + did).at("/items/0");
        String id = delta.get("deltaId").stringValue();
        assertThat(json("/api/deltas/" + id)).isEqualTo(delta);
        for (String query : new String[] {
            "base=" + delta.get("baseHash").stringValue(),
            "cid=" + delta.get("manifestCid").stringValue(),
            "cid=" + delta.get("evidenceCid").stringValue(),
            "cid=" + fileCid,
            "hash=" + fileHash,
            "hash=" + id,
            "hash=" + delta.get("deltaRoot").stringValue()
        }) {
            assertThat(json("/api/deltas?" + query).at("/items/0/deltaId").stringValue())
                    .as(query)
                    .isEqualTo(id);
        }
        assertThat(json("/api/dids/" + did + "/deltas").get("items")).hasSize(1);
        assertThat(json("/api/deltas?did=" + ended).get("items")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/deltas/0x12, 400",
        "/api/deltas?limit=0, 400",
        "/api/deltas?limit=501, 400",
        "/api/deltas?after=x, 400",
        "/api/deltas?cid=bafkqaaa%00, 400",
        "/api/deltas?hash=0xzz, 400",
        "/api/dids/did:lux:31337:0x12/deltas, 400",
        "/api/ledger/forks, 400"
    })
    void whatTheContractDoesNotAllowIsRefused(String path, int status) throws Exception {
        HttpResponse<String> answer = get(path, "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        String nothing = "0x" + "12".repeat(32);
        assertThat(get("/api/deltas/" + nothing, "application/json").statusCode())
                .isEqualTo(404);
        assertThat(get("/api/ledger/forks/" + nothing, "application/json").statusCode())
                .isEqualTo(404);
        assertThat(json("/api/ledger/forks?did=" + did).get("items")).isEmpty();
    }
}
