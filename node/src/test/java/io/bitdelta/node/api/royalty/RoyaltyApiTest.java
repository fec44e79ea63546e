package io.bitdelta.node.api.royalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.typed.VoucherMessage;
import io.bitdelta.node.auth.ApiKeys;
import io.bitdelta.node.auth.Scope;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.jobs.JobState;
import io.bitdelta.node.local.ServedNode;
import io.bitdelta.node.royalty.Royalties;
import io.bitdelta.node.royalty.RoyaltyHouse;
import io.bitdelta.node.royalty.SignedVoucher;
import io.bitdelta.node.royalty.UnsignedCall;
import io.bitdelta.node.royalty.view.VoucherView;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Royalties over HTTP, from a payment by a wallet to a claim that the node pays for. */
final class RoyaltyApiTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final EvmAddress ALICE = RoyaltyHouse.identity(1);
    private static final EvmAddress BOB = RoyaltyHouse.identity(2);
    private static final String ALICES = new LuxDid(31337, ALICE).toString();
    private static final long WAIT_NANOS = Duration.ofSeconds(60).toNanos();

    @TempDir
    static Path folder;

    private static RoyaltyHouse house;
    private static ServedNode server;
    private static ApiKeys keys;
    private static Bytes32 soup;

    @BeforeAll
    static void open() throws IOException {
        house = RoyaltyHouse.open(folder);
        server = ServedNode.start(house.node(), "127.0.0.1", 0);
        house.node().jobs().start();
        keys = new ApiKeys(house.node().database(), new SecureRandom(), Clock.systemUTC());
        soup = house.soup(RoyaltyHouse.shares(List.of(ALICE, BOB), 250_000_000));
        house.node().catchUp();
    }

    @AfterAll
    static void close() throws IOException {
        CLIENT.close();
        server.close();
        house.close();
    }

    private static String key(Optional<EvmAddress> who, Set<Scope> scopes) {
        return keys.create("test", who, scopes, Duration.ofDays(1)).secret();
    }

    private static HttpResponse<String> send(
            String method, String path, @Nullable Object body, String key, String accept) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)))
                .header("Accept", accept)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(
                                        JsonMapper.shared().writeValueAsString(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (!key.isEmpty()) {
            request.header("X-API-Key", key);
        }
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new AssertionError(path, broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(path, interrupted);
        }
    }

    private static JsonNode get(String path) {
        HttpResponse<String> answer = send("GET", path, null, "", "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }

    private static JsonNode post(String path, @Nullable Object body, String key, int status) {
        HttpResponse<String> answer = send("POST", path, body, key, "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.body());
    }

    private static Job finished(String id) {
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (System.nanoTime() < deadline) {
            Job job = house.node().jobs().find(id).orElseThrow();
            if (job.state().isFinal()) {
                return job;
            }
            LockSupport.parkNanos(50_000_000);
        }
        throw new AssertionError("job " + id + " is not finished");
    }

    @Test
    void aWalletPaysAndTheNodeClaimsForAnIdentity() throws IOException {
        String payer = key(Optional.empty(), EnumSet.of(Scope.ROYALTY));
        JsonNode prepared = post(
                "/api/royalties/payments/prepare",
                Map.of(
                        "payer", house.payerAddress().hex(),
                        "soup", soup.hex(),
                        "token", house.token().hex(),
                        "amount", "1000"),
                payer,
                200);
        assertThat(prepared.path("calls")).hasSize(2);
        prepared.path("calls")
                .forEach(call -> house.send(new UnsignedCall(
                        call.path("what").stringValue(),
                        call.path("to").stringValue(),
                        call.path("data").stringValue(),
                        new BigInteger(call.path("value").stringValue()))));
        house.node().catchUp();

        JsonNode balance = token(get("/api/royalties/" + ALICES));
        assertThat(balance.path("claimable").path("units").stringValue()).isEqualTo("250");
        assertThat(balance.path("decimals").intValue()).isEqualTo(18);
        assertThat(balance.path("claimable").path("shown").stringValue()).isEqualTo("0.000000000000000250");

        Map<String, String> claim = Map.of("did", ALICES);
        post("/api/royalties/claims", claim, payer, 403);
        post("/api/royalties/claims", claim, "", 401);
        String bobs = key(Optional.of(BOB), EnumSet.of(Scope.ROYALTY, Scope.SPONSOR));
        post("/api/royalties/claims", claim, bobs, 403);
        String alices = key(Optional.of(ALICE), EnumSet.of(Scope.ROYALTY, Scope.SPONSOR));
        JsonNode accepted = post("/api/royalties/claims", claim, alices, 202);
        Job job = finished(accepted.path("job").stringValue());
        assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
        house.node().catchUp();
        JsonNode after = token(get("/api/royalties/" + ALICES));
        assertThat(after.path("claimable").path("units").stringValue()).isEqualTo("0");
        assertThat(after.path("claimed").path("units").stringValue()).isEqualTo("250");

        String statement =
                "/api/royalties/%s/statement?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z".formatted(ALICES);
        HttpResponse<String> csv = send("GET", statement, null, "", "text/csv");
        assertThat(csv.headers().firstValue("content-type").orElse("")).startsWith("text/csv");
        assertThat(csv.body())
                .startsWith("kind,time,block")
                .contains("\r\npayment,")
                .contains("\r\nclaim,");
        assertThat(get(statement).path("tokens").path(0).path("closing").stringValue())
                .isEqualTo("0");
    }

    private static JsonNode token(JsonNode balances) {
        for (JsonNode part : balances.path("balances")) {
            if (part.path("token").stringValue().equals(house.token().hex())) {
                return part;
            }
        }
        throw new AssertionError("no balance in the token: " + balances);
    }

    @Test
    void soupsTellTheirPayeesWithProofs() {
        JsonNode soups = get("/api/soups");
        assertThat(soups.path("soups").path(0).path("id").stringValue()).isEqualTo(soup.hex());
        assertThat(soups.path("soups").path(0).path("status").stringValue()).isEqualTo("final");
        JsonNode page = get("/api/soups/%s/payees?limit=1".formatted(soup));
        assertThat(page.path("payees")).hasSize(1);
        assertThat(page.path("next").intValue()).isEqualTo(1);
        JsonNode rest = get("/api/soups/%s/payees?cursor=1".formatted(soup));
        assertThat(rest.path("payees").path(0).path("who").stringValue()).isEqualTo(BOB.hex());
        assertThat(rest.has("next")).isFalse();
        JsonNode proofs = get("/api/soups/%s/proofs/%s".formatted(soup, ALICE));
        assertThat(proofs.path("proofs").path(0).path("end").intValue()).isEqualTo(250_000_000);
        assertThat(proofs.path("proofs").path(0).path("proof")).hasSize(1);
        assertThat(send(
                                "GET",
                                "/api/soups/%s/proofs/%s".formatted(soup, RoyaltyHouse.identity(77)),
                                null,
                                "",
                                "application/json")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void useIsMeteredAndItsVoucherSettled() throws IOException {
        EvmAddress payer = house.payerAddress();
        String did = new LuxDid(31337, payer).toString();
        String credential = key(Optional.of(payer), EnumSet.of(Scope.ROYALTY));
        Map<String, Object> use =
                Map.of("payer", payer.hex(), "requestId", "r-1", "soup", soup.hex(), "units", 3, "unitPrice", "7");
        assertThat(post("/api/royalties/usage", use, credential, 200)
                        .path("meteredAfter")
                        .stringValue())
                .isEqualTo("21");
        post("/api/royalties/usage", use, credential, 200);
        Map<String, Object> other =
                Map.of("payer", payer.hex(), "requestId", "r-1", "soup", soup.hex(), "units", 4, "unitPrice", "7");
        post("/api/royalties/usage", other, credential, 409);

        house.deposit(Royalties.NATIVE, 100);
        VoucherMessage message = new VoucherMessage(
                soup,
                Royalties.NATIVE,
                payer,
                BigInteger.valueOf(21),
                house.royalties().contract().chainTime() + 3_000);
        VoucherView voucher = VoucherView.of(new SignedVoucher(
                message,
                house.payerKey()
                        .sign(message.digest(house.royalties().contract().domain()))));
        post("/api/royalties/vouchers", voucher, credential, 200);
        HttpResponse<String> listed =
                send("GET", "/api/royalties/vouchers?did=" + did, null, credential, "application/json");
        assertThat(listed.body()).contains("\"21\"");

        String operator = key(Optional.empty(), EnumSet.of(Scope.OPERATOR));
        JsonNode accepted = post("/api/royalties/settlements", null, operator, 202);
        assertThat(finished(accepted.path("job").stringValue()).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(house.royalties().contract().drawn(soup, Royalties.NATIVE.hex(), payer))
                .isEqualTo(BigInteger.valueOf(21));
        assertThat(post("/api/royalties/vouchers", voucher, credential, 200)
                        .path("cumulative")
                        .stringValue())
                .isEqualTo("21");
    }
}
