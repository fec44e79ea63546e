package io.bitdelta.node.did;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What DID Core 7.1 to 7.3 and DID Resolution demand of every resolution result, as W3C's did-test-suite words it. */
final class W3cAssertions {
    private static final Pattern DID = Pattern.compile("did:[a-z0-9]+:[A-Za-z0-9._:%-]*[A-Za-z0-9._%-]");
    private static final Pattern DID_URL = Pattern.compile(DID + "(#[A-Za-z0-9._-]+)?");
    private static final Pattern DATETIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");

    private W3cAssertions() {}

    /** @param asked the DID that was resolved, in any spelling */
    static void check(String asked, DidResolution outcome) {
        JsonNode result = JsonMapper.shared().valueToTree(outcome.result());
        JsonNode resolution = result.get("didResolutionMetadata");
        JsonNode metadata = result.get("didDocumentMetadata");
        assertThat(resolution.isObject()).isTrue();
        assertThat(metadata.isObject()).isTrue();
        if (outcome instanceof DidResolution.Failed) {
            assertThat(resolution.has("error")).isTrue();
            assertThat(resolution.at("/error/type").stringValue()).matches("https://www\\.w3\\.org/ns/did#[A-Z_]+");
            assertThat(resolution.at("/error/title").stringValue()).isNotBlank();
            assertThat(result.get("didDocument").isNull()).isTrue();
            assertThat(metadata).isEmpty();
            assertThat(outcome.status()).isBetween(400, 599);
            return;
        }
        assertThat(resolution.has("error")).isFalse();
        assertThat(resolution.get("contentType").stringValue()).matches("[a-z]+/[a-z+.-]+");
        document(result.get("didDocument"));
        metadata(metadata);
        String id = result.get("didDocument").get("id").stringValue();
        if (asked.equals(id)) {
            assertThat(metadata.has("canonicalId")).isFalse();
        } else {
            // The id of the document may differ from what was asked only where the method says that they are the same.
            assertThat(metadata.get("canonicalId").stringValue()).isEqualTo(id).isEqualToIgnoringCase(asked);
        }
        boolean deactivated = metadata.get("deactivated").booleanValue();
        assertThat(outcome.status()).isEqualTo(deactivated ? 410 : 200);
    }

    private static void document(JsonNode document) {
        String id = document.get("id").stringValue();
        assertThat(id).matches(DID);
        assertThat(document.get("@context").get(0).stringValue()).isEqualTo("https://www.w3.org/ns/did/v1");
        if (document.has("controller")) {
            assertThat(document.get("controller").stringValue()).matches(DID);
        }
        List<String> methods = document.get("verificationMethod")
                .valueStream()
                .map(method -> method.get("id").stringValue())
                .toList();
        assertThat(methods)
                .doesNotHaveDuplicates()
                .allMatch(method -> DID_URL.matcher(method).matches());
        document.get("verificationMethod").forEach(method -> {
            assertThat(method.get("type").stringValue()).isNotBlank();
            assertThat(method.get("controller").stringValue()).matches(DID);
            assertThat(method.has("blockchainAccountId") ^ method.has("publicKeyMultibase"))
                    .isTrue();
        });
        for (String relationship :
                List.of("authentication", "assertionMethod", "keyAgreement", "capabilityInvocation")) {
            if (document.has(relationship)) {
                assertThat(document.get(relationship).isArray()).isTrue();
                document.get(relationship)
                        .forEach(reference -> assertThat(methods).contains(reference.stringValue()));
            }
        }
        if (document.has("alsoKnownAs")) {
            document.get("alsoKnownAs")
                    .forEach(name -> assertThat(URI.create(name.stringValue()).isAbsolute())
                            .isTrue());
        }
        if (document.has("service")) {
            assertThat(document.get("service")
                            .valueStream()
                            .map(service -> service.get("id").stringValue())
                            .toList())
                    .doesNotHaveDuplicates()
                    .doesNotContainAnyElementsOf(methods);
            document.get("service").forEach(service -> {
                assertThat(service.get("id").stringValue()).matches(DID_URL);
                assertThat(service.get("type").stringValue()).isNotBlank();
                assertThat(service.has("serviceEndpoint")).isTrue();
            });
        }
    }

    private static void metadata(JsonNode metadata) {
        for (String time : List.of("created", "updated", "nextUpdate")) {
            if (metadata.has(time)) {
                assertThat(metadata.get(time).stringValue()).matches(DATETIME);
            }
        }
        if (metadata.has("created") && metadata.has("updated")) {
            assertThat(instant(metadata, "updated")).isAfterOrEqualTo(instant(metadata, "created"));
        }
        if (metadata.has("nextUpdate") && metadata.has("updated")) {
            assertThat(instant(metadata, "nextUpdate")).isAfter(instant(metadata, "updated"));
        }
        assertThat(metadata.get("deactivated").isBoolean()).isTrue();
        if (metadata.has("equivalentId")) {
            metadata.get("equivalentId")
                    .forEach(same -> assertThat(same.stringValue()).matches(DID));
        }
        assertThat(metadata.get("versionId").stringValue()).isASCII();
        if (metadata.has("nextVersionId")) {
            assertThat(metadata.get("nextVersionId").stringValue())
                    .isASCII()
                    .isNotEqualTo(metadata.get("versionId").stringValue());
        }
        if (metadata.has("canonicalId")) {
            assertThat(metadata.get("canonicalId").stringValue()).matches(DID);
        }
    }

    private static Instant instant(JsonNode metadata, String name) {
        return Instant.parse(metadata.get(name).stringValue());
    }
}
