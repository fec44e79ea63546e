package io.bitdelta.node.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.fault.FaultPoint;
import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.fault.JavaProcess;
import io.bitdelta.node.store.Database;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.web3j.crypto.ContractUtils;
import org.web3j.crypto.Credentials;
import org.web3j.utils.Numeric;

/**
 * Stories of one transaction that pass the outbox's fault points, told in a process of its own that dies at one of them.
 * Arguments: RPC address, database file, key file (hex), counter contract, fault point or {@code -}.
 */
public final class OutboxStories {
    private static final String PURPOSE = "story";

    private OutboxStories() {}

    /** Kills a process at a point, lets another finish, and checks that the transaction took effect as it must. */
    public static void killedAt(FaultPoint point, Path folder) throws Exception {
        try (EmbeddedChain chain = ChainFixture.start(folder.resolve("chain"))) {
            Credentials key = ChainFixture.fundedKey(chain);
            Path database = folder.resolve("outbox.sqlite");
            String counter = counter(chain, key, database);
            Path keyFile = folder.resolve("key");
            Files.writeString(
                    keyFile,
                    Numeric.toHexStringNoPrefix(key.getEcKeyPair().getPrivateKey()),
                    StandardCharsets.US_ASCII);
            setTheScene(point, chain);
            List<String> arguments =
                    List.of(chain.client().url(), database.toString(), keyFile.toString(), counter, point.name());
            Process process = JavaProcess.start(OutboxStories.class, arguments);
            List<String> lines =
                    process.inputReader(StandardCharsets.UTF_8).lines().toList();
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as("%s", lines).isEqualTo(137);
            assertThat(lines).contains("DIES AT " + point);
            finish(point, chain, key, database, counter);
        }
    }

    private static String counter(EmbeddedChain chain, Credentials key, Path file) {
        try (Database database = Database.sqlite(file)) {
            OutboxEntry created = outbox(chain.client(), database, key, OutboxHouse.QUICK, 500, Faults.NONE)
                    .execute(new TxRequest("create counter", null, ChainFixture.COUNTER_INIT, BigInteger.ZERO));
            return ContractUtils.generateContractAddress(created.signer(), BigInteger.valueOf(created.nonce()));
        }
    }

    private static void setTheScene(FaultPoint point, EmbeddedChain chain) {
        switch (point) {
            case TX_WAITING -> {
                chain.client().rpc("anvil_setNextBlockBaseFeePerGas", "0x" + Long.toHexString(90_000_000_000L));
                chain.client().rpc("evm_mine");
            }
            case TX_REPLACED, TX_CANCELLED -> chain.client().rpc("evm_setAutomine", false);
            default -> assertThat(point.name()).startsWith("TX_");
        }
    }

    private static void finish(FaultPoint point, EmbeddedChain chain, Credentials key, Path file, String counter) {
        chain.client().rpc("evm_setAutomine", true);
        chain.client().rpc("anvil_setNextBlockBaseFeePerGas", "0x3b9aca00");
        chain.client().rpc("evm_mine");
        try (Database database = Database.sqlite(file)) {
            Outbox outbox = outbox(chain.client(), database, key, OutboxHouse.QUICK, 50, Faults.NONE);
            if (point == FaultPoint.TX_CANCELLED) {
                outbox.find(PURPOSE).ifPresent(entry -> {
                    while (!outbox.look(entry).state().isFinal()) {
                        chain.client().rpc("evm_mine");
                    }
                });
                assertThat(outbox.find(PURPOSE).orElseThrow().state()).isEqualTo(TxState.EXPIRED);
                assertThat(ChainFixture.count(chain.client(), counter)).isZero();
            } else {
                outbox.advance();
                assertThat(outbox.execute(TxRequest.call(PURPOSE, counter, "0x"))
                                .state())
                        .isEqualTo(TxState.CONFIRMED);
                assertThat(ChainFixture.count(chain.client(), counter)).isEqualTo(1);
            }
            outbox.execute(TxRequest.call("next", counter, "0x"));
            assertThat(outbox.queue()).isEmpty();
        }
    }

    private static Outbox outbox(
            ChainClient chain, Database database, Credentials key, Finality finality, long gwei, Faults faults) {
        return new Outbox(
                database,
                chain,
                new Signers(List.of(key)),
                SendingRules.of(finality, gwei),
                block -> {},
                faults,
                Clock.systemUTC());
    }

    /** Tells the story that passes a point. */
    public static void main(String[] arguments) throws IOException {
        FaultPoint point = FaultPoint.valueOf(arguments[4]);
        Credentials key = Credentials.create(Files.readString(Path.of(arguments[2]), StandardCharsets.US_ASCII));
        Faults deadly = reached -> {
            if (reached == point) {
                System.out.println("DIES AT " + point);
                System.out.flush();
                Runtime.getRuntime().halt(137);
            }
        };
        try (ChainClient chain = new ChainClient(arguments[0]);
                Database database = Database.sqlite(Path.of(arguments[1]))) {
            Finality finality = point == FaultPoint.TX_REPLACED ? OutboxHouse.IMPATIENT : OutboxHouse.QUICK;
            Outbox outbox = outbox(chain, database, key, finality, 50, deadly);
            TxRequest request = TxRequest.call(PURPOSE, arguments[3], "0x");
            if (point == FaultPoint.TX_CANCELLED) {
                OutboxEntry entry = outbox.submit(request.until(chain.head().timestamp() + 600));
                chain.rpc("anvil_dropTransaction", entry.hash());
                chain.rpc("evm_increaseTime", 700);
                chain.rpc("evm_mine");
            } else {
                outbox.submit(request);
            }
            for (long start = System.nanoTime();
                    System.nanoTime() - start < Duration.ofSeconds(20).toNanos(); ) {
                outbox.advance();
            }
        }
    }
}
