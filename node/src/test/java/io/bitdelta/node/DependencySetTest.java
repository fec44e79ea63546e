package io.bitdelta.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.WebClient;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Keys;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.SignedRawTransaction;
import org.web3j.crypto.TransactionDecoder;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.methods.response.VoidResponse;
import org.web3j.protocol.http.HttpService;
import org.web3j.utils.Numeric;

/** The pinned libraries work together in one process: chain client, HTTP server and database. */
final class DependencySetTest {

    @Test
    void signsSendsAndDecodesATransactionOnAnEmbeddedChain() throws Exception {
        int port;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        Path anvil = Path.of(System.getProperty("bitdelta.home"), "contracts", "node_modules", ".bin", "anvil");
        Process chain = new ProcessBuilder(
                        anvil.toString(), "--host", "127.0.0.1", "--port", "" + port, "--hardfork", "osaka", "--silent")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        HttpService http = new HttpService("http://127.0.0.1:" + port);
        Web3j web3 = Web3j.build(http);
        try {
            awaitChain(web3, chain);
            Credentials key = Credentials.create(Keys.createEcKeyPair());
            new Request<>(
                            "anvil_setBalance",
                            java.util.List.of(key.getAddress(), "0xde0b6b3a7640000"),
                            http,
                            VoidResponse.class)
                    .send();
            RawTransaction raw = RawTransaction.createTransaction(
                    31337L,
                    BigInteger.ZERO,
                    BigInteger.valueOf(21_000),
                    "0x000000000000000000000000000000000000dead",
                    BigInteger.valueOf(7),
                    "",
                    BigInteger.valueOf(1_000_000_000L),
                    BigInteger.valueOf(20_000_000_000L));
            byte[] signed = TransactionEncoder.signMessage(raw, key);
            String hash = web3.ethSendRawTransaction(Numeric.toHexString(signed))
                    .send()
                    .getTransactionHash();
            var receipt = web3.ethGetTransactionReceipt(hash)
                    .send()
                    .getTransactionReceipt()
                    .orElseThrow();
            assertThat(receipt.isStatusOK()).isTrue();
            SignedRawTransaction decoded =
                    (SignedRawTransaction) TransactionDecoder.decode(Numeric.toHexString(signed));
            assertThat(decoded.getFrom()).isEqualTo(key.getAddress());
            assertThat(web3.ethGetBalance(
                                    "0x000000000000000000000000000000000000dead", DefaultBlockParameterName.LATEST)
                            .send()
                            .getBalance())
                    .isEqualTo(7);
        } finally {
            web3.shutdown();
            chain.destroy();
            chain.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static void awaitChain(Web3j web3, Process chain) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try {
                assertThat(web3.ethChainId().send().getChainId()).isEqualTo(31337);
                return;
            } catch (java.io.IOException notYet) {
                assertThat(chain.isAlive()).isTrue();
                assertThat(System.nanoTime()).isLessThan(deadline);
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    @Test
    void servesHttpAndAnswersAClient() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Router router = Router.router(vertx);
            router.get("/ping").handler(ctx -> ctx.end("pong"));
            var server = vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            var answer = WebClient.create(vertx)
                    .get(server.actualPort(), "127.0.0.1", "/ping")
                    .send()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            assertThat(answer.bodyAsString()).isEqualTo("pong");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void migratesAndQueriesTheDatabase(@TempDir Path folder) {
        var config = new com.zaxxer.hikari.HikariConfig();
        config.setJdbcUrl("jdbc:sqlite:" + folder.resolve("smoke.sqlite"));
        config.setMaximumPoolSize(1);
        try (var pool = new com.zaxxer.hikari.HikariDataSource(config)) {
            DataSource source = pool;
            Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:smoke")
                    .load()
                    .migrate();
            var sql = DSL.using(source, SQLDialect.SQLITE);
            sql.insertInto(DSL.table("ping"), DSL.field("word", String.class))
                    .values("pong")
                    .execute();
            assertThat(sql.select(DSL.field("word", String.class)).from("ping").fetch(0, String.class))
                    .containsExactly("pong");
        }
    }
}
