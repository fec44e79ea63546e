package io.bitdelta.node.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.node.chain.FaultyRpc.Misdeed;
import io.bitdelta.node.fault.FaultPoint;
import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.store.DatabaseKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An endpoint that loses, repeats, delays and lies costs time, never a transaction. */
final class OutboxRpcFaultsTest {
    private static final Finality IMPATIENT =
            new Finality(1, Duration.ofMillis(400), Duration.ofMillis(5), Duration.ofSeconds(20));

    @TempDir
    Path folder;

    private OutboxHouse house;

    @BeforeEach
    void open() throws IOException {
        house = new OutboxHouse(folder, DatabaseKind.SQLITE, 2);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private Outbox outbox(ChainClient client) {
        return outbox(client, Faults.NONE);
    }

    private Outbox outbox(ChainClient client, Faults faults) {
        return new Outbox(
                house.database,
                client,
                new Signers(house.keys),
                SendingRules.of(IMPATIENT, 500),
                block -> {},
                faults,
                Clock.systemUTC());
    }

    /** As a caller does who is told to come back. */
    private static OutboxEntry insist(Outbox outbox, TxRequest request) {
        for (int attempt = 0; attempt < 200; attempt++) {
            try {
                return outbox.execute(request);
            } catch (ChainException away) {
                assertThat(away).hasMessageMatching("(?s).+");
            }
        }
        throw new AssertionError(request.purpose() + " never got through");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyTransactionTakesEffectOnceThroughABadEndpoint(long seed) throws IOException {
        try (FaultyRpc rpc = new FaultyRpc(house.chain.client().url(), () -> Misdeed.NONE);
                ChainClient first = new ChainClient(rpc.url())) {
            assertThat(first.chainId()).isEqualTo(EmbeddedChain.CHAIN_ID);
        }
        AtomicBoolean bad = new AtomicBoolean();
        var misdeeds = FaultyRpc.random(seed, 5);
        try (FaultyRpc rpc =
                        new FaultyRpc(house.chain.client().url(), () -> bad.get() ? misdeeds.get() : Misdeed.NONE);
                ChainClient client = new ChainClient(rpc.url())) {
            Outbox outbox = outbox(client);
            bad.set(true);
            for (int n = 0; n < 12; n++) {
                assertThat(insist(outbox, house.call("n " + n)).state()).isEqualTo(TxState.CONFIRMED);
            }
            assertThat(rpc.done()).isGreaterThan(10);
        }
        assertThat(house.effects()).isEqualTo(12);
    }

    @ParameterizedTest
    @EnumSource(
            value = Misdeed.class,
            names = {"LOSE_REPLY", "LOSE_REQUEST", "DUPLICATE", "SWALLOW", "OVERLOAD"})
    void aMisdeedAtTheMomentOfBroadcastingDoesNotDouble(Misdeed misdeed) throws IOException {
        AtomicReference<Misdeed> next = new AtomicReference<>(Misdeed.NONE);
        try (FaultyRpc rpc = new FaultyRpc(house.chain.client().url(), next::get);
                ChainClient client = new ChainClient(rpc.url())) {
            Faults spoil = point -> {
                if (point == FaultPoint.TX_STORED) {
                    next.set(misdeed);
                }
            };
            Outbox outbox = outbox(client, spoil);
            try {
                outbox.submit(house.call("spoilt"));
            } catch (ChainException away) {
                assertThat(misdeed).isNotIn(Misdeed.SWALLOW, Misdeed.DUPLICATE);
            }
            next.set(Misdeed.NONE);
            assertThat(insist(outbox, house.call("spoilt")).state()).isEqualTo(TxState.CONFIRMED);
        }
        assertThat(house.effects()).isEqualTo(1);
    }

    @Test
    void anEndpointThatTurnsToAnotherChainIsNotBelieved() throws IOException {
        AtomicReference<Misdeed> next = new AtomicReference<>(Misdeed.NONE);
        try (FaultyRpc rpc = new FaultyRpc(house.chain.client().url(), next::get);
                ChainClient client = new ChainClient(rpc.url())) {
            Outbox outbox = outbox(client);
            next.set(Misdeed.WRONG_CHAIN);
            assertThatThrownBy(() -> outbox.submit(house.call("astray")))
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("122")
                    .hasMessageContaining("31337");
            assertThat(outbox.find("astray")).isEmpty();
        }
    }

    private static ChainClient hasty(String url) {
        RpcTransport transport = new RpcTransport(url, Duration.ofMillis(300));
        return new ChainClient(url, transport.name(), transport, () -> {});
    }

    @Test
    void anAnswerThatComesAfterTheTimeoutDoesNotDouble() throws IOException {
        AtomicReference<Misdeed> next = new AtomicReference<>(Misdeed.NONE);
        try (FaultyRpc rpc = new FaultyRpc(house.chain.client().url(), next::get);
                ChainClient client = hasty(rpc.url())) {
            Faults spoil = point -> {
                if (point == FaultPoint.TX_STORED) {
                    next.set(Misdeed.STALL);
                }
            };
            Outbox outbox = outbox(client, spoil);
            assertThatThrownBy(() -> outbox.submit(house.call("stalled")))
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("cannot be reached");
            next.set(Misdeed.NONE);
            assertThat(insist(outbox, house.call("stalled")).state()).isEqualTo(TxState.CONFIRMED);
        }
        assertThat(house.effects()).isEqualTo(1);
    }

    @Test
    void transactionsThatOvertakeEachOtherAllTakeEffectOnce() throws IOException {
        AtomicReference<Misdeed> next = new AtomicReference<>(Misdeed.NONE);
        try (FaultyRpc rpc = new FaultyRpc(house.chain.client().url(), next::get);
                ChainClient client = new ChainClient(rpc.url())) {
            Outbox outbox = outbox(client);
            next.set(Misdeed.REORDER);
            TxRequest.Sender one = new TxRequest.Sender.Account(house.primary());
            for (int n = 0; n < 6; n++) {
                outbox.submit(house.call("n " + n).from(one));
            }
            assertThat(rpc.done()).isGreaterThan(6);
            for (int n = 0; n < 6; n++) {
                assertThat(insist(outbox, house.call("n " + n).from(one)).state())
                        .isEqualTo(TxState.CONFIRMED);
            }
        }
        assertThat(house.effects()).isEqualTo(6);
    }

    @Test
    void aMempoolThatIsStuckIsPaidToGoOnAndTheTransactionCountsOnce() {
        Outbox outbox = outbox(house.chain.client());
        house.automine(false);
        outbox.submit(house.call("stuck"));
        String first = outbox.find("stuck").orElseThrow().hash();
        // The pool keeps what it has and the chain takes nothing of it; each look after the time to stall bids more.
        for (int look = 0; look < 3; look++) {
            LockSupport.parkNanos(Duration.ofMillis(450).toNanos());
            outbox.advance();
        }
        assertThat(outbox.find("stuck").orElseThrow().hash()).isNotEqualTo(first);
        house.automine(true);
        house.mine();
        assertThat(insist(outbox, house.call("stuck")).state()).isEqualTo(TxState.CONFIRMED);
        assertThat(house.effects()).isEqualTo(1);
    }

    @Test
    void aFeeSpikeBetweenStoringAndSendingDelaysAndDoesNotDouble() {
        Faults spike = point -> {
            if (point == FaultPoint.TX_STORED) {
                house.baseFee(400);
            }
        };
        Outbox outbox = outbox(house.chain.client(), spike);
        try {
            outbox.submit(house.call("spiked"));
        } catch (ChainException tooCheap) {
            assertThat(outbox.find("spiked")).isPresent();
        }
        house.baseFee(1);
        assertThat(insist(outbox, house.call("spiked")).state()).isEqualTo(TxState.CONFIRMED);
        assertThat(house.effects()).isEqualTo(1);
    }

    @Test
    void aChainNodeThatRestartsWithoutItsMempoolGetsEverythingAgain() throws IOException {
        Outbox outbox = outbox(house.chain.client());
        assertThat(insist(outbox, house.call("before")).state()).isEqualTo(TxState.CONFIRMED);
        house.automine(false);
        for (int n = 0; n < 5; n++) {
            outbox.submit(house.call("pending " + n));
        }
        // A stored state has no mempool: a node that starts from it is one that came back without.
        house.chain.makeDurable();
        Path copy = Files.createDirectories(folder.resolve("back"));
        Files.copy(folder.resolve("chain").resolve("state.json"), copy.resolve("state.json"));
        try (EmbeddedChain back = ChainFixture.start(copy)) {
            Outbox again = outbox(back.client());
            assertThat(ChainFixture.count(back.client(), house.counter)).isEqualTo(1);
            for (int n = 0; n < 5; n++) {
                assertThat(insist(again, house.call("pending " + n)).state()).isEqualTo(TxState.CONFIRMED);
            }
            assertThat(ChainFixture.count(back.client(), house.counter)).isEqualTo(6);
        }
    }
}
