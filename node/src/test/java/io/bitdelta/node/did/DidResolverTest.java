package io.bitdelta.node.did;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ScriptedChain;
import io.bitdelta.node.lookup.Indexer;
import io.bitdelta.node.lookup.ScriptedEvents;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseKind;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Documents and metadata of identities with a history; block n of the scripted chain has the time 1000000 + 12 n. */
@ParameterizedClass
@EnumSource(DatabaseKind.class)
final class DidResolverTest {
    private static final long ALICE = 0xA11CE;
    private static final long BOB = 0xB0B;
    private static final String DID = "did:lux:31337:" + ScriptedEvents.address(ALICE);
    private static final BigInteger LONG = BigInteger.valueOf(5_000_000);

    @Parameter
    DatabaseKind kind = DatabaseKind.SQLITE;

    @TempDir
    Path folder;

    private final ScriptedChain chain = new ScriptedChain();
    private final ChainClient client = new ChainClient(chain.url());
    private Database database;
    private DidResolver resolver;

    @BeforeEach
    void open() {
        database = kind.open(folder.resolve("did.sqlite"));
        resolver = new DidResolver(database, 31337, Clock.fixed(Instant.ofEpochSecond(1_000_500), ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        database.close();
        client.close();
        chain.close();
    }

    private void history(ScriptedChain.Entry... blocks) {
        for (ScriptedChain.Entry entry : blocks) {
            chain.mine(1, List.of(entry));
        }
        new Indexer(database, client, ScriptedEvents.deployment()).catchUp();
    }

    private DidResolution.Resolved resolved() {
        return (DidResolution.Resolved) resolver.resolve(DID);
    }

    private DidResolution.Resolved version(String id) {
        return (DidResolution.Resolved) resolver.resolve(DID, Optional.of(id), Optional.empty());
    }

    private DidResolution.Resolved at(String time) {
        return (DidResolution.Resolved) resolver.resolve(DID, Optional.empty(), Optional.of(time));
    }

    private static JsonNode json(DidResolution resolution) {
        return JsonMapper.shared().valueToTree(resolution.result());
    }

    @Test
    void everyAccountHasADocumentFromTheBeginning() {
        history();
        JsonNode result = json(resolved());
        assertThat(result.at("/didDocument/id").stringValue()).isEqualTo(DID);
        assertThat(result.at("/didDocument/controller").stringValue()).isEqualTo(DID);
        assertThat(result.at("/didDocument/verificationMethod/0/blockchainAccountId")
                        .stringValue())
                .isEqualTo("eip155:31337:" + ScriptedEvents.address(ALICE));
        assertThat(result.at("/didDocument/authentication/0").stringValue()).isEqualTo(DID + "#controller");
        assertThat(result.at("/didDocument/assertionMethod/0").stringValue()).isEqualTo(DID + "#controller");
        assertThat(result.at("/didDocumentMetadata/versionId").stringValue()).isEqualTo("0");
        assertThat(result.at("/didDocumentMetadata/deactivated").booleanValue()).isFalse();
        assertThat(result.at("/didResolutionMetadata/contentType").stringValue())
                .isEqualTo("application/did");
    }

    @Test
    void aRotatedOwnerControlsTheDocumentAndTheIdStays() {
        history(ScriptedEvents.ownerChanged(ALICE, BOB));
        JsonNode document = json(resolved()).get("didDocument");
        assertThat(document.at("/id").stringValue()).isEqualTo(DID);
        assertThat(document.at("/controller").stringValue()).isEqualTo("did:lux:31337:" + ScriptedEvents.address(BOB));
        assertThat(document.at("/verificationMethod/0/blockchainAccountId").stringValue())
                .endsWith(ScriptedEvents.address(BOB));
    }

    @Test
    void everyVersionCanBeHadByIdAndByTime() {
        history(
                ScriptedEvents.ownerChanged(ALICE, BOB),
                ScriptedEvents.ownerChanged(ALICE, 3),
                ScriptedEvents.ownerChanged(ALICE, 4));
        assertThat(version("0").metadata())
                .containsEntry("versionId", "0")
                .containsEntry("nextVersionId", "1")
                .containsEntry("nextUpdate", "1970-01-12T13:46:52Z")
                .doesNotContainKey("updated");
        assertThat(version("2").metadata())
                .containsEntry("created", "1970-01-12T13:46:52Z")
                .containsEntry("updated", "1970-01-12T13:47:04Z")
                .containsEntry("versionId", "2")
                .containsEntry("nextVersionId", "3");
        assertThat(version("2").document().get("controller")).isEqualTo("did:lux:31337:" + ScriptedEvents.address(3));
        assertThat(version("3").metadata()).doesNotContainKeys("nextVersionId", "nextUpdate");
        assertThat(at("1970-01-12T13:47:03Z").document()).isEqualTo(version("1").document());
        assertThat(at("1970-01-12T15:47:04+02:00").document())
                .isEqualTo(version("2").document());
        assertThat(at("1960-01-01T00:00:00Z").document()).isEqualTo(version("0").document());
        assertThat(at("2060-01-01T00:00:00Z").document()).isEqualTo(version("3").document());
    }

    @Test
    void theChangesOfOneBlockAreOneVersion() {
        chain.mine(1, List.of(ScriptedEvents.ownerChanged(ALICE, BOB), ScriptedEvents.ownerChanged(ALICE, 3)));
        history();
        assertThat(version("1").document().get("controller")).isEqualTo("did:lux:31337:" + ScriptedEvents.address(3));
        assertThat(version("1").metadata()).doesNotContainKey("nextVersionId");
    }

    @Test
    void aDelegateIsThereUntilItEnds() {
        history(
                ScriptedEvents.delegateChanged(ALICE, "bitdelta.publish", BOB, 1_000_100),
                ScriptedEvents.delegateChanged(ALICE, "sigAuth", BOB, 2_000_000),
                ScriptedEvents.delegateChanged(ALICE, "nonsense", BOB, 2_000_000));
        JsonNode early = json(at("1970-01-12T13:48:00Z")).get("didDocument");
        assertThat(early.at("/capabilityInvocation").toString()).contains("#delegate-1");
        JsonNode now = json(resolved()).get("didDocument");
        assertThat(now.at("/capabilityInvocation").toString()).doesNotContain("#delegate-1");
        assertThat(now.at("/authentication").toString()).contains(DID + "#delegate-2");
        assertThat(now.at("/verificationMethod")).hasSize(2);
    }

    @Test
    void aDelegateThatWasTakenBackIsGoneAtOnce() {
        history(
                ScriptedEvents.delegateChanged(ALICE, "veriKey", BOB, 2_000_000),
                ScriptedEvents.delegateChanged(ALICE, "veriKey", BOB, 1_000_024));
        assertThat(json(version("1")).at("/didDocument/verificationMethod")).hasSize(2);
        assertThat(json(resolved()).at("/didDocument/verificationMethod")).hasSize(1);
    }

    @Test
    void attributesBecomeServicesAndKeys() {
        byte[] envelope = new byte[1216];
        history(
                ScriptedEvents.attributeChanged(ALICE, "did/svc/IpfsGateway", utf8("https://gw.example/ipfs"), LONG),
                ScriptedEvents.attributeChanged(ALICE, "did/pub/BitDelta/enc", envelope, LONG),
                ScriptedEvents.attributeChanged(ALICE, "did/pub/Ed25519/veriKey", new byte[32], LONG));
        JsonNode document = json(resolved()).get("didDocument");
        assertThat(document.at("/service/0/type").stringValue()).isEqualTo("IpfsGateway");
        assertThat(document.at("/service/0/serviceEndpoint").stringValue()).isEqualTo("https://gw.example/ipfs");
        assertThat(document.at("/keyAgreement/0").stringValue()).isEqualTo(DID + "#key-2");
        assertThat(document.at("/verificationMethod/1/type").stringValue()).isEqualTo("BitDeltaEnvelopeKey2026");
        assertThat(document.at("/verificationMethod/2/publicKeyMultibase").stringValue())
                .startsWith("u7QE");
        assertThat(document.at("/assertionMethod/1").stringValue()).isEqualTo(DID + "#key-3");
    }

    @Test
    void idsStayWhenAnEarlierEntryEnds() {
        history(
                ScriptedEvents.attributeChanged(ALICE, "did/svc/A", utf8("https://a.example"), LONG),
                ScriptedEvents.attributeChanged(ALICE, "did/svc/B", utf8("https://b.example"), LONG),
                ScriptedEvents.attributeChanged(ALICE, "did/svc/A", utf8("https://a.example"), BigInteger.ZERO));
        assertThat(json(resolved()).at("/didDocument/service")).hasSize(1);
        assertThat(json(resolved()).at("/didDocument/service/0/id").stringValue())
                .isEqualTo(DID + "#service-2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"did/svc/", "did/svc/<script>", "did/pub/Ed25519/veriKey", "did/pub/", "x", "did/pub/a/b/c/d"})
    void whatAnOwnerWroteThatIsNoServiceOrKeyIsLeftOut(String name) {
        history(
                ScriptedEvents.attributeChanged(ALICE, name, new byte[] {(byte) 0xff, 0, 1}, LONG),
                ScriptedEvents.attributeChanged(ALICE, name, utf8("relative"), BigInteger.TWO.pow(255)));
        JsonNode document = json(resolved()).get("didDocument");
        assertThat(document.at("/verificationMethod")).hasSize(1);
        assertThat(document.has("service")).isFalse();
    }

    @Test
    void aDeactivatedIdentityIsGoneButItsPastIsNot() {
        history(ScriptedEvents.ownerChanged(ALICE, BOB), ScriptedEvents.ownerChanged(ALICE, 0));
        DidResolution.Resolved now = resolved();
        assertThat(now.status()).isEqualTo(410);
        assertThat(now.metadata()).containsEntry("deactivated", true);
        assertThat(now.document().get("verificationMethod")).isEqualTo(List.of());
        assertThat(version("1").status()).isEqualTo(200);
        assertThat(version("1").metadata()).containsEntry("deactivated", false);
    }

    @Test
    void anAddressInAnyCaseIsTheSameIdentity() {
        history(ScriptedEvents.ownerChanged(ALICE, BOB));
        String upper =
                "did:lux:31337:0x" + ScriptedEvents.address(ALICE).substring(2).toUpperCase(java.util.Locale.ROOT);
        DidResolution.Resolved mixed = (DidResolution.Resolved) resolver.resolve(upper);
        assertThat(mixed.document()).isEqualTo(resolved().document());
        assertThat(mixed.metadata()).containsEntry("canonicalId", DID);
        assertThat(resolved().metadata()).doesNotContainKey("canonicalId");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    did:lux:31337:0x12                                                 | INVALID_DID | 400
                    did:lux                                                            | INVALID_DID | 400
                    nonsense                                                           | INVALID_DID | 400
                    did:LUX:31337:0x00000000000000000000000000000000000a11ce          | INVALID_DID | 400
                    did:lux:0:0x00000000000000000000000000000000000a11ce              | INVALID_DID | 400
                    did:lux:31337:0x00000000000000000000000000000000000a11ce#key      | INVALID_DID | 400
                    did:example:123                                                    | METHOD_NOT_SUPPORTED | 501
                    did:ethr:0x7a69:0x00000000000000000000000000000000000a11ce        | METHOD_NOT_SUPPORTED | 501
                    did:lux:1:0x00000000000000000000000000000000000a11ce              | NOT_FOUND | 404
                    """)
    void whatCannotBeResolvedSaysWhy(String did, DidErrorKind kind, int status) {
        history();
        DidResolution resolution = resolver.resolve(did);
        assertThat(resolution.status()).isEqualTo(status);
        JsonNode result = json(resolution);
        assertThat(result.at("/didResolutionMetadata/error/type").stringValue())
                .isEqualTo("https://www.w3.org/ns/did#" + kind);
        assertThat(result.get("didDocument").isNull()).isTrue();
        assertThat(result.get("didDocumentMetadata")).isEmpty();
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        history(ScriptedEvents.ownerChanged(ALICE, BOB));
        assertThat(resolver.resolve(DID, Optional.of("1"), Optional.of("2026-01-01T00:00:00Z")))
                .isInstanceOfSatisfying(
                        DidResolution.Failed.class,
                        failed -> assertThat(failed.kind()).isEqualTo(DidErrorKind.INVALID_OPTIONS));
        assertThat(resolver.resolve(DID, Optional.empty(), Optional.of("yesterday")))
                .isInstanceOfSatisfying(
                        DidResolution.Failed.class,
                        failed -> assertThat(failed.kind()).isEqualTo(DidErrorKind.INVALID_OPTIONS));
        for (String unknown : List.of("2", "-1", "01", "", "one")) {
            assertThat(resolver.resolve(DID, Optional.of(unknown), Optional.empty()))
                    .isInstanceOfSatisfying(
                            DidResolution.Failed.class,
                            failed -> assertThat(failed.kind()).isEqualTo(DidErrorKind.NOT_FOUND));
        }
    }

    /** The assertions of W3C's did-test-suite on resolution outcomes, for outcomes of every kind. */
    @Test
    void everyOutcomeConformsToTheW3cAssertions() {
        history(
                ScriptedEvents.ownerChanged(ALICE, BOB),
                ScriptedEvents.delegateChanged(ALICE, "veriKey", BOB, 2_000_000),
                ScriptedEvents.ownerChanged(BOB, 0));
        String bob = "did:lux:31337:" + ScriptedEvents.address(BOB);
        for (String version : List.of("0", "1", "2", "9")) {
            W3cAssertions.check(DID, resolver.resolve(DID, Optional.of(version), Optional.empty()));
        }
        for (String time : List.of("1970-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2100-01-01T00:00:00+01:00")) {
            W3cAssertions.check(DID, resolver.resolve(DID, Optional.empty(), Optional.of(time)));
        }
        String shouted =
                "did:lux:31337:0x" + ScriptedEvents.address(ALICE).substring(2).toUpperCase(java.util.Locale.ROOT);
        for (String did : List.of(
                DID,
                shouted,
                bob,
                "did:lux:1:" + ScriptedEvents.address(ALICE),
                "did:lux:31337:0x12",
                "did:bad",
                "did:lux:",
                "lux:31337",
                "",
                "did:example:x",
                "did:example:" + "x".repeat(3000))) {
            W3cAssertions.check(did, resolver.resolve(did));
        }
        assertThat(((DidResolution.Resolved) resolver.resolve(bob)).metadata())
                .containsAllEntriesOf(Map.of("deactivated", true));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
