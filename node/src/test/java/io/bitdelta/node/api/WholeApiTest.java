package io.bitdelta.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.api.contract.Access;
import io.bitdelta.node.api.contract.BodyRule;
import io.bitdelta.node.api.contract.Contract;
import io.bitdelta.node.api.contract.Endpoint;
import io.bitdelta.node.api.contract.ParameterRule;
import io.bitdelta.node.api.contract.Samples;
import io.bitdelta.node.auth.ApiKeys;
import io.bitdelta.node.auth.AuthSettings;
import io.bitdelta.node.auth.ChainSignatures;
import io.bitdelta.node.auth.GrantMessage;
import io.bitdelta.node.auth.LoginMessage;
import io.bitdelta.node.auth.Nonces;
import io.bitdelta.node.auth.Scope;
import io.bitdelta.node.auth.SecretKeyFile;
import io.bitdelta.node.auth.Sessions;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.local.ServedNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every operation of the contract, made from the contract, against a real node. */
final class WholeApiTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Secp256k1Key OWNER = Secp256k1Key.generate(RANDOM);
    private static final Secp256k1Key STRANGER = Secp256k1Key.generate(RANDOM);
    private static final Contract CONTRACT = Contract.load();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static LocalNode node;
    private static ServedNode server;
    private static ApiKeys keys;
    private static String owner;
    private static String stranger;
    private static String operator;

    @BeforeAll
    static void start() throws IOException {
        Path config =
                Files.writeString(folder.resolve("fast.yaml"), "http: { perAddress: 100000, perPrincipal: 100000 }\n");
        node = NodeFixture.open(folder.resolve("node"), NodeConfig.load(folder, Optional.of(config)));
        server = ServedNode.start(node, "127.0.0.1", 0);
        node.catchUp();
        keys = new ApiKeys(node.database(), RANDOM, Clock.systemUTC());
        owner = "Bearer " + login(OWNER);
        stranger = "Bearer " + login(STRANGER);
        operator = key(Optional.empty(), EnumSet.of(Scope.OPERATOR), Duration.ofDays(1));
    }

    @AfterAll
    static void stop() throws IOException {
        CLIENT.close();
        server.close();
        node.close();
    }

    private static String key(Optional<Secp256k1Key> who, Set<Scope> scopes, Duration lifetime) {
        return keys.create("test", who.map(Secp256k1Key::address), scopes, lifetime)
                .secret();
    }

    private static String did(Secp256k1Key key) {
        return new LuxDid(31337, key.address()).toString();
    }

    private static String login(Secp256k1Key key) {
        JsonNode challenge = json(send("GET", "/api/auth/challenge", null, Map.of()));
        String message = LoginMessage.of(
                        "127.0.0.1:" + server.port(),
                        URI.create("http://127.0.0.1:%d/".formatted(server.port())),
                        key.address(),
                        31337,
                        challenge.path("nonce").stringValue(),
                        "Test.",
                        Instant.now())
                .text();
        String signature = HexText.of(key.sign(Secp256k1Key.personalDigest(message.getBytes(StandardCharsets.UTF_8)))
                .bytes());
        HttpResponse<String> answer = send(
                "POST",
                "/api/auth/session",
                JsonMapper.shared().writeValueAsString(Map.of("message", message, "signature", signature)),
                Map.of());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer).path("token").stringValue();
    }

    private static HttpResponse<String> send(
            String method, String path, @Nullable String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)))
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new AssertionError(method + " " + path, broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(method + " " + path, interrupted);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    /** A request that matches the contract, for somebody who acts for {@code OWNER}. */
    private static final class Sample {
        final Endpoint endpoint;
        final Map<String, String> path = new LinkedHashMap<>();
        final Map<String, String> query = new LinkedHashMap<>();
        final Map<String, String> headers = new LinkedHashMap<>();

        @Nullable
        String body;

        Sample(Endpoint endpoint) {
            this.endpoint = endpoint;
            Access.@Nullable OwnerField field = endpoint.access().owner().orElse(null);
            for (ParameterRule parameter : endpoint.parameters()) {
                boolean names = field != null && field.name().equals(parameter.name());
                String value = names
                        ? did(OWNER)
                        : Samples.right(parameter.schema().schema()).asString();
                switch (parameter.in()) {
                    case "path" -> path.put(parameter.name(), value);
                    case "query" -> {
                        if (parameter.required() || names) {
                            query.put(parameter.name(), value);
                        }
                    }
                    default -> {
                        if (parameter.required()) {
                            headers.put(parameter.name(), value);
                        }
                    }
                }
            }
            BodyRule rule = endpoint.body().orElse(null);
            if (rule != null && rule.types().containsKey("application/json")) {
                ObjectNode json = (ObjectNode)
                        Samples.right(rule.types().get("application/json").schema());
                if (field != null && field.in().equals("body")) {
                    String sample = json.path(field.name()).stringValue("");
                    json.put(
                            field.name(),
                            sample.startsWith("did:")
                                    ? did(OWNER)
                                    : OWNER.address().hex());
                }
                body = json.toString();
            } else if (rule != null) {
                headers.put("Content-Type", BodyRule.MULTIPART + "; boundary=b");
                body = form(rule.types().values().iterator().next().schema(), field);
            }
        }

        private static String form(JsonNode schema, Access.@Nullable OwnerField field) {
            StringBuilder form = new StringBuilder();
            schema.path("required").forEach(name -> {
                JsonNode part = schema.path("properties").path(name.stringValue());
                boolean names = field != null && field.name().equals(name.stringValue());
                boolean file = part.path("format").stringValue("").equals("binary") || part.has("contentMediaType");
                form.append("--b\r\nContent-Disposition: form-data; name=\"")
                        .append(name.stringValue())
                        .append(file ? "\"; filename=\"f\"\r\n\r\n" : "\"\r\n\r\n")
                        .append(names ? did(OWNER) : Samples.right(part).asString())
                        .append("\r\n");
            });
            return form.append("--b--\r\n").toString();
        }

        String uri() {
            StringBuilder uri = new StringBuilder(endpoint.template());
            path.forEach((name, value) -> {
                int at = uri.indexOf("{" + name + "}");
                uri.replace(at, at + name.length() + 2, escape(value));
            });
            List<String> pairs = new ArrayList<>();
            query.forEach((name, value) -> pairs.add(escape(name) + "=" + escape(value)));
            return uri + (pairs.isEmpty() ? "" : "?" + String.join("&", pairs));
        }

        HttpResponse<String> send(Map<String, String> credential) {
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.putAll(credential);
            return WholeApiTest.send(endpoint.method(), uri(), body, all);
        }
    }

    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Event streams end when their source does; the others are asked whole. */
    private static List<Endpoint> endpoints() {
        return CONTRACT.endpoints().stream()
                .filter(endpoint -> !endpoint.produces().equals(List.of("text/event-stream")))
                .toList();
    }

    private static Map<String, String> best() {
        return Map.of("X-API-Key", operator);
    }

    @Test
    void everyOperationOfTheContractIsBound() {
        assertThat(server.server().unbound()).isEmpty();
    }

    @Test
    void aValidRequestIsAnsweredWithAStatusThatTheContractDeclares() {
        for (Endpoint endpoint : endpoints()) {
            if (endpoint.operationId().equals("login")) {
                continue; // What matches the contract is not yet a signature; see aLoginsMessageIsGoodOnce.
            }
            HttpResponse<String> answer = new Sample(endpoint).send(best());
            assertThat(answer.statusCode())
                    .as("%s: %s", endpoint.operationId(), answer.body())
                    .isNotIn(400, 401, 405, 406, 413, 415, 500, 501);
            if (answer.statusCode() >= 400) {
                assertThat(answer.headers().firstValue("content-type")).hasValue(Problem.MEDIA_TYPE);
            }
        }
    }

    @Test
    void eachParameterOutsideItsSchemaIsNamed() {
        for (Endpoint endpoint : endpoints()) {
            for (ParameterRule parameter : endpoint.parameters()) {
                if (parameter.schema().schema().path("type").stringValue("").equals("string")
                        && !Samples.bounded(parameter.schema().schema())) {
                    throw new AssertionError(
                            "%s: the parameter %s has no bound".formatted(endpoint.operationId(), parameter.name()));
                }
                Sample sample = new Sample(endpoint);
                Map<String, String> where =
                        switch (parameter.in()) {
                            case "path" -> sample.path;
                            case "query" -> sample.query;
                            default -> sample.headers;
                        };
                where.put(parameter.name(), Samples.wrongText(parameter.schema().schema()));
                names(endpoint, sample.send(best()), parameter.in(), "/" + parameter.name());
            }
            Sample unknown = new Sample(endpoint);
            unknown.query.put("unknownParameter", "1");
            names(endpoint, unknown.send(best()), "query", "/unknownParameter");
        }
    }

    @Test
    void eachFieldOfABodyOutsideItsSchemaIsNamed() {
        for (Endpoint endpoint : endpoints()) {
            JsonNode schema = endpoint.body()
                    .map(rule -> rule.types().get("application/json"))
                    .map(rule -> rule.schema())
                    .orElse(null);
            if (schema == null || !schema.path("properties").isObject()) {
                continue;
            }
            Samples.wrong(schema).forEach((pointer, body) -> {
                Sample sample = new Sample(endpoint);
                sample.body = body.toString();
                names(endpoint, sample.send(best()), "body", pointer);
            });
        }
    }

    private static void names(Endpoint endpoint, HttpResponse<String> answer, String in, String pointer) {
        assertThat(answer.statusCode())
                .as("%s %s %s: %s", endpoint.operationId(), in, pointer, answer.body())
                .isEqualTo(400);
        assertThat(json(answer).path("errors"))
                .as("%s: %s", endpoint.operationId(), answer.body())
                .anySatisfy(error -> {
                    assertThat(error.path("in").stringValue()).isEqualTo(in);
                    assertThat(error.path("pointer").stringValue()).startsWith(pointer);
                });
    }

    @Test
    void everyKindOfCallerGetsWhatTheContractSaysAndNothingElse() throws IOException {
        Map<String, Map<String, String>> forgeries = new LinkedHashMap<>();
        String token = owner.substring("Bearer ".length());
        String[] parts = token.split("\\.", -1);
        String none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\",\"typ\":\"bitdelta-session+jwt\"}".getBytes(StandardCharsets.UTF_8));
        forgeries.put("alg=none", bearer(none + "." + parts[1] + "."));
        forgeries.put("alg=none with the signature", bearer(none + "." + parts[1] + "." + parts[2]));
        forgeries.put("other claims", bearer(parts[0] + "." + claims(parts[1]) + "." + parts[2]));
        forgeries.put("cut signature", bearer(token.substring(0, token.length() - 4)));
        forgeries.put("no token", bearer("x"));
        forgeries.put("unknown key", Map.of("X-API-Key", "bdk_" + "0".repeat(64)));
        forgeries.put("revoked key", Map.of("X-API-Key", revoked()));
        forgeries.put("expired key", Map.of("X-API-Key", expiredKey()));
        forgeries.put("expired session", bearer(expiredSession()));
        for (Endpoint endpoint : endpoints()) {
            forgeries.forEach((name, credential) -> expect(endpoint, name, credential, 401));
            Access access = endpoint.access();
            if (access.level() == Access.Level.PUBLIC) {
                passes(endpoint, "anonymous", Map.of());
                continue;
            }
            expect(endpoint, "anonymous", Map.of(), 401);
            passes(endpoint, "operator", best());
            String bare = key(Optional.of(OWNER), EnumSet.of(unneeded(access)), Duration.ofDays(1));
            Set<Scope> enough = access.scopes().isEmpty() ? EnumSet.of(Scope.SERVE) : access.scopes();
            String exact = key(Optional.of(OWNER), enough, Duration.ofDays(1));
            String foreign = key(Optional.of(STRANGER), enough, Duration.ofDays(1));
            boolean operators = access.level() == Access.Level.OPERATOR;
            if (operators || !access.scopes().isEmpty()) {
                expect(endpoint, "owner's key without the scope", Map.of("X-API-Key", bare), 403);
            }
            if (operators) {
                expect(endpoint, "owner", bearer(token), 403);
                continue;
            }
            passes(endpoint, "owner's key with the scope", Map.of("X-API-Key", exact));
            if (!access.scopes().contains(Scope.SPONSOR)) {
                passes(endpoint, "owner", bearer(token));
            }
            if (access.level() == Access.Level.OWNER) {
                expect(endpoint, "somebody else", Map.of("Authorization", stranger), 403);
                expect(endpoint, "somebody else's key", Map.of("X-API-Key", foreign), 403);
            }
        }
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    private static String claims(String part) {
        String json = new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
        String other = json.replace(OWNER.address().hex(), STRANGER.address().hex());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(other.getBytes(StandardCharsets.UTF_8));
    }

    private static String revoked() {
        ApiKeys.Fresh fresh = keys.create("r", Optional.empty(), EnumSet.allOf(Scope.class), Duration.ofDays(1));
        assertThat(keys.revoke(fresh.key().id())).isTrue();
        return fresh.secret();
    }

    private static Scope unneeded(Access access) {
        return EnumSet.complementOf(EnumSet.of(Scope.OPERATOR)).stream()
                .filter(scope -> !access.scopes().contains(scope))
                .findFirst()
                .orElseThrow();
    }

    private static void expect(Endpoint endpoint, String caller, Map<String, String> credential, int status) {
        HttpResponse<String> answer = new Sample(endpoint).send(credential);
        assertThat(answer.statusCode())
                .as("%s by %s: %s", endpoint.operationId(), caller, answer.body())
                .isEqualTo(status);
        if (status == 401) {
            assertThat(answer.headers().firstValue("www-authenticate")).isPresent();
        }
    }

    private static void passes(Endpoint endpoint, String caller, Map<String, String> credential) {
        HttpResponse<String> answer = new Sample(endpoint).send(credential);
        // A login that is refused is this operation's own 401; whose metrics are asked for decides its handler.
        if (!endpoint.operationId().equals("login")) {
            assertThat(answer.statusCode())
                    .as("%s by %s: %s", endpoint.operationId(), caller, answer.body())
                    .isNotIn(401, 500);
            // A handler may have a reason of its own, such as that the node pays no gas for this caller.
            if (answer.statusCode() == 403) {
                assertThat(json(answer).path("type").stringValue())
                        .as("%s by %s: %s", endpoint.operationId(), caller, answer.body())
                        .isNotEqualTo("urn:bitdelta:problem:forbidden");
            }
        }
    }

    @Test
    void aGrantLetsTheGranteeInUntilItIsTakenBack() {
        GrantMessage message = new GrantMessage(
                OWNER.address(),
                STRANGER.address(),
                Scope.SERVE,
                Bytes32.ZERO,
                Instant.now().getEpochSecond() + 600,
                Bytes32.of("0x" + "0d".repeat(32)));
        String signature = HexText.of(
                OWNER.sign(message.digest(31337, EvmAddress.of(node.registry().address())))
                        .bytes());
        Map<String, Object> offer = new LinkedHashMap<>();
        offer.put("owner", OWNER.address().hex());
        offer.put("grantee", STRANGER.address().hex());
        offer.put("scope", "serve");
        offer.put("expiresAt", message.expiresAt());
        offer.put("nonce", message.nonce().hex());
        offer.put("signature", signature);
        String body = JsonMapper.shared().writeValueAsString(offer);
        HttpResponse<String> added = send("POST", "/api/grants", body, Map.of("Authorization", owner));
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        String id = json(added).path("id").stringValue();
        assertThat(send("POST", "/api/grants", body, Map.of("Authorization", owner))
                        .statusCode())
                .isEqualTo(422);
        assertThat(send("POST", "/api/grants", body, Map.of("Authorization", stranger))
                        .statusCode())
                .isEqualTo(403);
        assertThat(send("DELETE", "/api/grants/" + id, null, Map.of("Authorization", stranger))
                        .statusCode())
                .isEqualTo(404);
        assertThat(send("DELETE", "/api/grants/" + id, null, Map.of("Authorization", owner))
                        .statusCode())
                .isEqualTo(204);
        JsonNode listed =
                json(send("GET", "/api/dids/" + did(OWNER) + "/grants", null, Map.of("Authorization", owner)));
        assertThat(listed.path("grants").path(0).has("revokedAt")).isTrue();
    }

    @Test
    void aLoginsMessageIsGoodOnce() {
        JsonNode challenge = json(send("GET", "/api/auth/challenge", null, Map.of()));
        String message = LoginMessage.of(
                        "127.0.0.1:" + server.port(),
                        URI.create("http://127.0.0.1:%d/".formatted(server.port())),
                        OWNER.address(),
                        31337,
                        challenge.path("nonce").stringValue(),
                        null,
                        Instant.now())
                .text();
        String signature = HexText.of(OWNER.sign(Secp256k1Key.personalDigest(message.getBytes(StandardCharsets.UTF_8)))
                .bytes());
        String body = JsonMapper.shared().writeValueAsString(Map.of("message", message, "signature", signature));
        assertThat(send("POST", "/api/auth/session", body, Map.of()).statusCode())
                .isEqualTo(201);
        HttpResponse<String> again = send("POST", "/api/auth/session", body, Map.of());
        assertThat(again.statusCode()).isEqualTo(401);
        assertThat(json(again).path("detail").stringValue()).contains("used before");
    }

    @Test
    void whoHasTooManyUnfinishedJobsIsToldWhenToComeBack() {
        Map<String, String> busy = Map.of(
                "X-API-Key",
                key(
                        Optional.of(Secp256k1Key.generate(RANDOM)),
                        EnumSet.of(Scope.PUBLISH, Scope.SPONSOR),
                        Duration.ofDays(1)));
        // Nobody works on jobs here, so all of them stay unfinished.
        for (int i = 0; i < 100; i++) {
            HttpResponse<String> taken = send("POST", "/api/deltas/0x%064x/revocation".formatted(i), null, busy);
            assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        }
        HttpResponse<String> answer = send("POST", "/api/deltas/0x%064x/revocation".formatted(100), null, busy);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("60");
        assertThat(json(answer).path("type").stringValue()).isEqualTo("urn:bitdelta:problem:too-many-jobs");
    }

    @Test
    void aContractAccountLogsInWithWhatItAcceptsItself() {
        Secp256k1Key inside = Secp256k1Key.generate(RANDOM);
        EvmAddress account = ContractAccount.deploy(node, inside.address());
        HttpResponse<String> opened = loginAs(account, inside);
        assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
        assertThat(json(opened).path("address").stringValue()).isEqualTo(account.hex());
        assertThat(json(opened).path("scopes").toString()).contains("publish").doesNotContain("operator");
        HttpResponse<String> me = send(
                "GET",
                "/api/auth/session",
                null,
                bearer(json(opened).path("token").stringValue()));
        assertThat(json(me).path("did").stringValue()).isEqualTo(new LuxDid(31337, account).toString());
        // Another key's signature is none of this account's, and an account without code has only its own key.
        assertThat(loginAs(account, STRANGER).statusCode()).isEqualTo(401);
        assertThat(loginAs(OWNER.address(), STRANGER).statusCode()).isEqualTo(401);
    }

    private static HttpResponse<String> loginAs(EvmAddress account, Secp256k1Key signer) {
        JsonNode challenge = json(send("GET", "/api/auth/challenge", null, Map.of()));
        String message = LoginMessage.of(
                        "127.0.0.1:" + server.port(),
                        URI.create("http://127.0.0.1:%d/".formatted(server.port())),
                        account,
                        31337,
                        challenge.path("nonce").stringValue(),
                        null,
                        Instant.now())
                .text();
        String signature = HexText.of(signer.sign(Secp256k1Key.personalDigest(message.getBytes(StandardCharsets.UTF_8)))
                .bytes());
        return send(
                "POST",
                "/api/auth/session",
                JsonMapper.shared().writeValueAsString(Map.of("message", message, "signature", signature)),
                Map.of());
    }

    /** A session that was opened two hours ago, by this node's own rules. */
    private static String expiredSession() throws IOException {
        Clock past = Clock.offset(Clock.systemUTC(), Duration.ofHours(-2));
        AuthSettings settings = new AuthSettings(
                () -> Set.of(URI.create("http://127.0.0.1:" + server.port())),
                31337,
                Duration.ofMinutes(60),
                Set.of(),
                Set.of());
        byte[] secret = SecretKeyFile.open(node.folder().root().resolve("session.key"), RANDOM);
        Sessions sessions = new Sessions(
                settings,
                new Nonces(node.database(), secret, RANDOM, past),
                new ChainSignatures(node.chain()),
                secret,
                past);
        String message = LoginMessage.of(
                        "127.0.0.1:" + server.port(),
                        URI.create("http://127.0.0.1:%d/".formatted(server.port())),
                        OWNER.address(),
                        31337,
                        sessions.nonce(),
                        null,
                        past.instant())
                .text();
        byte[] signature = OWNER.sign(Secp256k1Key.personalDigest(message.getBytes(StandardCharsets.UTF_8)))
                .bytes();
        return sessions.login(message, signature).token();
    }

    private static String expiredKey() {
        return new ApiKeys(node.database(), RANDOM, Clock.offset(Clock.systemUTC(), Duration.ofDays(-2)))
                .create("old", Optional.of(OWNER.address()), EnumSet.allOf(Scope.class), Duration.ofDays(1))
                .secret();
    }

    @Test
    void measurementsAreThereForThisMachine() {
        HttpResponse<String> metrics = send("GET", "/metrics", null, Map.of());
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body()).contains("http_server_requests_seconds_count", "jvm_memory_used_bytes");
    }

    @Test
    void theNodeIsReadyAndSaysWhatIsUnsafeAboutIt() {
        assertThat(send("GET", "/health/ready", null, Map.of()).statusCode()).isEqualTo(200);
        assertThat(json(send("GET", "/api/node", null, Map.of()))
                        .path("warnings")
                        .size())
                .isPositive();
    }
}
