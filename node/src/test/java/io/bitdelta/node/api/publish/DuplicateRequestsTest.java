package io.bitdelta.node.api.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.auth.ApiKeys;
import io.bitdelta.node.auth.Scope;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.local.ServedNode;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A client that sends everything many times at once, as impatient ones do, gets one publication. */
final class DuplicateRequestsTest {
    private static final int TIMES = 16;

    @TempDir
    Path folder;

    @Test
    void theSameRequestManyTimesAtOnceIsOneJobAndOnePublication() throws Exception {
        Path config =
                Files.writeString(folder.resolve("fast.yaml"), "http: { perAddress: 100000, perPrincipal: 100000 }\n");
        Path delta = NodeFixture.delta("user-a", folder);
        Secp256k1Key owner = Secp256k1Key.generate(new SecureRandom());
        try (LocalNode node = NodeFixture.open(folder.resolve("node"), NodeConfig.load(folder, Optional.of(config)));
                ServedNode server = ServedNode.start(node, "127.0.0.1", 0);
                HttpClient http = HttpClient.newHttpClient()) {
            node.catchUp();
            node.jobs().start();
            String key = new ApiKeys(node.database(), new SecureRandom(), Clock.systemUTC())
                    .create(
                            "test",
                            Optional.of(owner.address()),
                            EnumSet.of(Scope.PUBLISH, Scope.SPONSOR),
                            Duration.ofDays(1))
                    .secret();
            HttpPublisher client = new HttpPublisher(http, server.port(), key);
            List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
            for (int n = 0; n < TIMES; n++) {
                asked.add(client.ask(owner, delta, "full", "the-one"));
            }
            List<String> ids = asked.stream()
                    .map(answer -> HttpPublisher.job(answer.join()).path("id").asString())
                    .distinct()
                    .toList();
            assertThat(ids).hasSize(1);
            JsonNode waiting = awaitSignature(client, node, ids.getFirst());
            List<CompletableFuture<HttpResponse<String>>> signed = new ArrayList<>();
            for (int n = 0; n < TIMES; n++) {
                signed.add(client.sign(waiting, owner));
            }
            // The first one counts; one that comes when the job has gone on is told so.
            assertThat(signed.stream().map(answer -> answer.join().statusCode()).toList())
                    .contains(202)
                    .allMatch(status -> status == 202 || status == 422);
            assertThat(client.finish(ids.getFirst(), owner).path("state").asString())
                    .isEqualTo("SUCCEEDED");
            node.catchUp();
            assertThat(node.deltas().byDid(new LuxDid(31337, owner.address()))).hasSize(1);
            HttpResponse<String> other =
                    client.ask(owner, delta, "another method", "the-one").join();
            assertThat(other.statusCode()).isEqualTo(422);
            assertThat(other.body()).contains("idempotency-key-reused");
        }
    }

    private static JsonNode awaitSignature(HttpPublisher client, LocalNode node, String id) throws Exception {
        while (!node.jobs().find(id).orElseThrow().waitingFor().equals("signature")) {
            LockSupport.parkNanos(20_000_000);
        }
        return client.look(id);
    }
}
