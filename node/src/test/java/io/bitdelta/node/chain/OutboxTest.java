package io.bitdelta.node.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseKind;
import io.bitdelta.node.store.Schema;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.web3j.crypto.ContractUtils;
import org.web3j.crypto.Credentials;

/** An intended transaction takes effect exactly once; checked by counting effects on a real chain. */
@ParameterizedClass
@EnumSource(DatabaseKind.class)
final class OutboxTest {
    @Parameter
    DatabaseKind kind = DatabaseKind.SQLITE;

    @TempDir
    Path folder;

    private EmbeddedChain chain;
    private Database database;
    private Credentials key;
    private String counter;

    @BeforeEach
    void open() throws IOException {
        chain = ChainFixture.start(folder.resolve("chain"));
        database = kind.open(folder.resolve("test.sqlite"));
        key = ChainFixture.fundedKey(chain);
        OutboxEntry created =
                outbox().execute(new TxRequest("create counter", null, ChainFixture.COUNTER_INIT, BigInteger.ZERO));
        counter = ContractUtils.generateContractAddress(created.signer(), BigInteger.valueOf(created.nonce()));
    }

    @AfterEach
    void close() {
        database.close();
        chain.close();
    }

    private Outbox outbox() {
        return outbox(Finality.development());
    }

    private Outbox outbox(Finality finality) {
        return new Outbox(
                database,
                chain.client(),
                new Signers(List.of(key)),
                SendingRules.of(finality, 500),
                chain::makeDurable,
                Faults.NONE,
                Clock.systemUTC());
    }

    private TxRequest count(String purpose) {
        return TxRequest.call(purpose, counter, "0x");
    }

    @Test
    void repeatingAPurposeTakesEffectOnce() {
        OutboxEntry first = outbox().execute(count("one"));
        OutboxEntry again = outbox().execute(count("one"));
        assertThat(again).isEqualTo(first);
        assertThat(first.state()).isEqualTo(TxState.CONFIRMED);
        assertThat(ChainFixture.count(chain.client(), counter)).isEqualTo(1);
    }

    @Test
    void aPurposeSubmittedByManyAtOnceTakesEffectOnce() throws Exception {
        Outbox one = outbox();
        Outbox other = outbox();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            List<Callable<OutboxEntry>> rivals = IntStream.range(0, 6)
                    .mapToObj(i -> (Callable<OutboxEntry>) () -> (i % 2 == 0 ? one : other).execute(count("same")))
                    .toList();
            assertThat(threads.invokeAll(rivals).stream()
                            .map(Future::resultNow)
                            .map(OutboxEntry::hash)
                            .distinct())
                    .hasSize(1);
        }
        assertThat(ChainFixture.count(chain.client(), counter)).isEqualTo(1);
    }

    @Test
    void purposesAreSentInOrderOfTheirNonces() {
        for (String purpose : List.of("a", "b", "c")) {
            outbox().execute(count(purpose));
        }
        assertThat(ChainFixture.count(chain.client(), counter)).isEqualTo(3);
        assertThat(outbox().find("c").orElseThrow().nonce())
                .isEqualTo(outbox().find("a").orElseThrow().nonce() + 2);
    }

    @Test
    void aCrashBetweenStoringAndBroadcastingLosesNothing() {
        chain.client().rpc("evm_setAutomine", false);
        outbox().submit(count("crashed"));
        // The node dies with the transaction in the mempool only, and the chain loses its mempool.
        chain.client().rpc("anvil_dropAllTransactions");
        chain.client().rpc("evm_setAutomine", true);
        outbox().advance();
        OutboxEntry entry = outbox().execute(count("crashed"));
        assertThat(entry.state()).isEqualTo(TxState.CONFIRMED);
        assertThat(ChainFixture.count(chain.client(), counter)).isEqualTo(1);
    }

    @Test
    void aCrashAfterMiningIsNoticedFromTheChain() {
        OutboxEntry entry = outbox().submit(count("mined"));
        database.sql()
                .update(Schema.OUTBOX)
                .set(Schema.STATE, TxState.SIGNED.name())
                .where(Schema.ID.eq(entry.id()))
                .execute();
        assertThat(outbox().execute(count("mined")).state()).isEqualTo(TxState.CONFIRMED);
        assertThat(ChainFixture.count(chain.client(), counter)).isEqualTo(1);
    }

    @Test
    void aStalledTransactionIsReplacedAndCountsOnce() {
        chain.client().rpc("evm_setAutomine", false);
        Finality impatient = new Finality(1, Duration.ofMillis(-1), Duration.ofMillis(5), Duration.ofSeconds(20));
        Outbox outbox = outbox(impatient);
        outbox.submit(count("stalled"));
        outbox.advance();
        outbox.advance();
        assertThat(database.sql().fetchCount(Schema.ATTEMPT)).isGreaterThan(2);
        chain.client().rpc("evm_mine");
        chain.client().rpc("evm_setAutomine", true);
        assertThat(outbox.execute(count("stalled")).state()).isEqualTo(TxState.CONFIRMED);
        assertThat(ChainFixture.count(chain.client(), counter)).isEqualTo(1);
    }

    @Test
    void aReorgMovesAMinedTransactionBackAndItCountsOnceInTheEnd() {
        String snapshot = chain.client().rpc("evm_snapshot");
        Finality patient = new Finality(3, Duration.ofMinutes(1), Duration.ofMillis(5), Duration.ofSeconds(20));
        Outbox outbox = outbox(patient);
        outbox.submit(count("reorged"));
        outbox.advance();
        assertThat(outbox.find("reorged").orElseThrow().state()).isEqualTo(TxState.MINED);
        chain.client().rpc("evm_revert", snapshot);
        assertThat(ChainFixture.count(chain.client(), counter)).isZero();
        outbox.advance();
        chain.client().rpc("anvil_mine", "0x3");
        outbox.advance();
        assertThat(outbox.find("reorged").orElseThrow().state()).isEqualTo(TxState.CONFIRMED);
        assertThat(ChainFixture.count(chain.client(), counter)).isEqualTo(1);
    }

    @Test
    void aTransactionThatWouldRevertIsNeverStored() {
        TxRequest hopeless = new TxRequest("hopeless", null, "0xfe", BigInteger.ZERO);
        assertThatThrownBy(() -> outbox().submit(hopeless))
                .isInstanceOfAny(RevertedException.class, ChainException.class);
        assertThat(outbox().find("hopeless")).isEmpty();
    }

    @Test
    void aNonceUsedBehindItsBackFailsTheEntryAndTheNextRoundSucceeds() {
        chain.client().rpc("evm_setAutomine", false);
        Outbox outbox = outbox();
        OutboxEntry doomed = outbox.submit(count("doomed"));
        chain.client().rpc("anvil_dropAllTransactions");
        chain.client().rpc("anvil_setNonce", key.getAddress(), "0x" + Long.toHexString(doomed.nonce() + 1));
        chain.client().rpc("evm_mine");
        chain.client().rpc("evm_setAutomine", true);
        outbox.advance();
        assertThat(outbox.find("doomed").orElseThrow().state()).isEqualTo(TxState.FAILED);
        assertThat(outbox.execute(count("doomed")).state()).isEqualTo(TxState.CONFIRMED);
        assertThat(ChainFixture.count(chain.client(), counter)).isEqualTo(1);
    }
}
