package io.bitdelta.node.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.node.chain.TxRequest.Sender;
import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.store.DatabaseKind;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several accounts, the fee cap, expiry and reorgs, on a real chain. */
@ParameterizedClass
@EnumSource(DatabaseKind.class)
final class OutboxRulesTest {
    @Parameter
    DatabaseKind kind = DatabaseKind.SQLITE;

    @TempDir
    Path folder;

    private OutboxHouse house;

    @BeforeEach
    void open() throws IOException {
        house = new OutboxHouse(folder, kind, 3);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private Outbox outbox() {
        return house.outbox(OutboxHouse.QUICK, Faults.NONE);
    }

    private long chainTime() {
        return house.chain.client().head().timestamp();
    }

    @Test
    void aPublicationTakesTheAccountWithTheShortestQueue() {
        house.automine(false);
        Outbox outbox = outbox();
        Set<String> used = new HashSet<>();
        IntStream.range(0, 6)
                .forEach(n -> used.add(outbox.submit(house.call("n " + n)).signer()));
        assertThat(used).isEqualTo(outbox.signers());
        house.automine(true);
        house.mine();
        outbox.advance();
        assertThat(house.effects()).isEqualTo(6);
    }

    @Test
    void anAccountThatIsAskedForSends() {
        String third = house.keys.get(2).getAddress();
        OutboxEntry entry = outbox().execute(house.call("mine").from(new Sender.Account(third)));
        assertThat(entry.signer()).isEqualToIgnoringCase(third);
        assertThatThrownBy(() -> outbox().submit(house.call("foreign").from(new Sender.Account(house.counter))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(house.counter.toLowerCase(Locale.ROOT));
    }

    @Test
    void manyThreadsWithOnePurposeMakeOneTransaction() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> work = IntStream.range(0, 12)
                    .<Callable<String>>mapToObj(
                            n -> () -> outbox().execute(house.call("shared")).hash())
                    .toList();
            Set<String> hashes = new HashSet<>();
            for (Future<String> done : threads.invokeAll(work)) {
                hashes.add(done.get());
            }
            assertThat(hashes).hasSize(1);
        }
        assertThat(house.effects()).isEqualTo(1);
    }

    @Test
    void manyThreadsWithManyPurposesNeverShareANonce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<OutboxEntry>> work = IntStream.range(0, 24)
                    .<Callable<OutboxEntry>>mapToObj(n -> () -> outbox().execute(house.call("purpose " + n)))
                    .toList();
            for (Future<OutboxEntry> done : threads.invokeAll(work)) {
                assertThat(done.get().state()).isEqualTo(TxState.CONFIRMED);
            }
        }
        assertThat(house.effects()).isEqualTo(24);
    }

    @Test
    void anIntentThatIsTooDearWaitsVisiblyWithoutANonceAndGoesOnWhenFeesFall() {
        house.baseFee(90);
        Outbox thrifty = house.outbox(OutboxHouse.QUICK, 50, Faults.NONE);
        OutboxEntry waiting = thrifty.submit(house.call("dear"));
        assertThat(waiting.state()).isEqualTo(TxState.WAITING_FEE);
        assertThat(waiting.nonce()).isEqualTo(-1);
        thrifty.advance();
        assertThat(thrifty.find("dear").orElseThrow().state()).isEqualTo(TxState.WAITING_FEE);
        assertThat(thrifty.queue()).containsEntry(TxState.WAITING_FEE, 1);
        house.baseFee(10);
        assertThat(thrifty.execute(house.call("dear")).state()).isEqualTo(TxState.CONFIRMED);
        assertThat(house.effects()).isEqualTo(1);
    }

    @Test
    void aSpikeAfterBroadcastingIsNotPaidAndShows() {
        house.automine(false);
        Finality impatient = OutboxHouse.IMPATIENT;
        Outbox thrifty = house.outbox(impatient, 20, Faults.NONE);
        thrifty.submit(house.call("spiked"));
        house.chain.client().rpc("anvil_dropAllTransactions");
        house.baseFee(400);
        thrifty.advance();
        for (int looks = 0; looks < 30; looks++) {
            thrifty.advance();
        }
        assertThat(thrifty.find("spiked").orElseThrow().state()).isEqualTo(TxState.WAITING_FEE);
        OutboxStore store = new OutboxStore(house.database, EmbeddedChain.CHAIN_ID);
        BigInteger cap = BigInteger.valueOf(20_000_000_000L);
        assertThat(store.attempts(thrifty.find("spiked").orElseThrow().id()))
                .allSatisfy(attempt -> assertThat(attempt.fee().maxWei()).isLessThanOrEqualTo(cap));
        house.baseFee(1);
        house.automine(true);
        assertThat(thrifty.execute(house.call("spiked")).state()).isEqualTo(TxState.CONFIRMED);
        assertThat(house.effects()).isEqualTo(1);
    }

    @Test
    void whatHasExpiredIsRefusedBeforeAnythingIsStored() {
        TxRequest late = house.call("late").until(chainTime() - 1);
        assertThatThrownBy(() -> outbox().submit(late))
                .isInstanceOf(TxExpiredException.class)
                .hasMessageContaining("Sign and submit it again");
        assertThat(outbox().find("late")).isEmpty();
    }

    @Test
    void whatExpiresWhileItWaitsForFeesIsNeverSigned() {
        house.baseFee(90);
        Outbox thrifty = house.outbox(OutboxHouse.QUICK, 50, Faults.NONE);
        TxRequest request = house.call("expires").until(chainTime() + 600);
        thrifty.submit(request);
        house.chain.advanceClock(700);
        house.baseFee(1);
        thrifty.advance();
        assertThat(thrifty.find("expires").orElseThrow().state()).isEqualTo(TxState.EXPIRED);
        assertThat(house.effects()).isZero();
        assertThatThrownBy(() -> thrifty.execute(request)).isInstanceOf(TxExpiredException.class);
    }

    @Test
    void whatExpiresInTheMempoolGivesItsNonceToAnEmptyTransaction() {
        house.automine(false);
        Outbox outbox = outbox();
        OutboxEntry entry = outbox.submit(house.call("stuck").until(chainTime() + 600));
        OutboxEntry next = outbox.submit(house.call("next").from(new Sender.Account(entry.signer())));
        house.chain.client().rpc("anvil_dropTransaction", entry.hash());
        house.chain.client().rpc("anvil_dropTransaction", next.hash());
        house.chain.client().rpc("evm_increaseTime", 700);
        house.mine();
        outbox.advance();
        assertThat(outbox.find("stuck").orElseThrow().state()).isEqualTo(TxState.CANCELLING);
        house.automine(true);
        house.mine();
        assertThat(outbox.execute(house.call("next")).state()).isEqualTo(TxState.CONFIRMED);
        outbox.advance();
        assertThat(outbox.find("stuck").orElseThrow().state()).isEqualTo(TxState.EXPIRED);
        assertThat(house.effects()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void aReorgOfAnyDepthUnderTheConfirmationsEndsInOneEffect(int depth) {
        Finality patient = new Finality(21, Duration.ofMinutes(1), Duration.ofMillis(5), Duration.ofSeconds(20));
        Outbox outbox = house.outbox(patient, Faults.NONE);
        outbox.submit(house.call("reorged"));
        house.chain.client().rpc("anvil_mine", "0x" + Integer.toHexString(depth - 1));
        outbox.advance();
        assertThat(outbox.find("reorged").orElseThrow().state()).isEqualTo(TxState.MINED);
        house.chain.client().rpc("anvil_reorg", depth, List.of());
        assertThat(house.effects()).isZero();
        outbox.advance();
        house.chain.client().rpc("anvil_mine", "0x16");
        outbox.advance();
        assertThat(outbox.find("reorged").orElseThrow().state()).isEqualTo(TxState.CONFIRMED);
        assertThat(house.effects()).isEqualTo(1);
    }

    @Test
    void theChainsOwnFinalizedBlockMayDecide() {
        Finality tagged = new Finality(1, true, Duration.ofMinutes(1), Duration.ofMillis(5), Duration.ofSeconds(20));
        Outbox outbox = house.outbox(tagged, Faults.NONE);
        outbox.submit(house.call("tagged"));
        outbox.advance();
        assertThat(outbox.find("tagged").orElseThrow().state()).isEqualTo(TxState.MINED);
        house.chain.client().rpc("anvil_mine", "0x60");
        outbox.advance();
        assertThat(outbox.find("tagged").orElseThrow().state()).isEqualTo(TxState.CONFIRMED);
    }

    @Test
    void anAccountWithoutMoneyDoesNotKeepTheOthersFromGoingOn() {
        house.automine(false);
        Outbox outbox = outbox();
        String poor = house.keys.get(1).getAddress();
        outbox.submit(house.call("poor").from(new Sender.Account(poor)));
        outbox.submit(house.call("rich").from(new Sender.Account(house.primary())));
        house.chain.client().rpc("anvil_dropAllTransactions");
        house.chain.client().rpc("anvil_setBalance", poor, "0x0");
        house.automine(true);
        assertThatThrownBy(outbox::advance)
                .isInstanceOf(TxRefusedException.class)
                .hasMessageContaining(poor.toLowerCase(Locale.ROOT));
        outbox.awaitFinal(outbox.find("rich").orElseThrow());
        assertThat(house.effects()).isEqualTo(1);
        house.chain.fund(poor);
        outbox.awaitFinal(outbox.find("poor").orElseThrow());
        assertThat(house.effects()).isEqualTo(2);
    }
}
