package io.bitdelta.node.royalty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseKind;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Metering on both databases. */
final class UsageMeterTest {
    private static final Channel CHANNEL = new Channel(Bytes32.ZERO, Royalties.NATIVE, RoyaltyHouse.identity(9));
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
    private static final int THREADS = 4;
    private static final int EACH = 25;

    @TempDir
    Path folder;

    private static Usage usage(String request, long units, BigInteger price) {
        return new Usage(CHANNEL, request, "somebody", Bytes32.ZERO, units, price);
    }

    @ParameterizedTest
    @EnumSource
    void concurrentRequestsAreCountedOnceEachAndTheTotalIsTheirSum(DatabaseKind kind) throws Exception {
        try (Database database = kind.open(folder.resolve("usage"));
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            UsageMeter meter = new UsageMeter(database, CLOCK);
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                done.add(threads.submit(() -> {
                    // Neighbours repeat half of each other's requests.
                    for (int i = 0; i < EACH; i++) {
                        int request = (first * EACH / 2) + i;
                        meter.record(usage("r" + request, request + 1, BigInteger.TWO));
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
            List<UsageMeter.Metered> records = meter.records(CHANNEL, 0, 1_000);
            BigInteger sum = BigInteger.ZERO;
            for (int i = 0; i < records.size(); i++) {
                sum = sum.add(records.get(i).usage().amount());
                assertThat(records.get(i).ordinal()).isEqualTo(i + 1);
                assertThat(records.get(i).meteredAfter()).isEqualTo(sum);
            }
            assertThat(records.stream().map(each -> each.usage().requestId()).distinct())
                    .hasSameSizeAs(records);
            assertThat(meter.metered(CHANNEL)).isEqualTo(sum);
            assertThat(meter.records(CHANNEL, records.size() - 1, 10)).hasSize(1);
            assertThat(meter.channels(CHANNEL.payer())).containsExactly(CHANNEL);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTotalThatNoVoucherCanHoldIsRefusedAndNothingIsWritten(DatabaseKind kind) {
        try (Database database = kind.open(folder.resolve("usage"))) {
            UsageMeter meter = new UsageMeter(database, CLOCK);
            BigInteger most = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);
            meter.record(usage("all", 1, most));
            assertThatThrownBy(() -> meter.record(usage("one-more", 1, BigInteger.ONE)))
                    .isInstanceOf(RoyaltyInputException.class)
                    .hasMessageContaining("one-more");
            assertThat(meter.metered(CHANNEL)).isEqualTo(most);
            assertThat(meter.records(CHANNEL, 0, 10)).hasSize(1);
        }
    }

    @Test
    void unfitUsesCannotBe() {
        assertThatThrownBy(() -> usage("", 1, BigInteger.ONE)).isInstanceOf(RoyaltyInputException.class);
        assertThatThrownBy(() -> usage("with space", 1, BigInteger.ONE)).isInstanceOf(RoyaltyInputException.class);
        assertThatThrownBy(() -> usage("x".repeat(129), 1, BigInteger.ONE)).isInstanceOf(RoyaltyInputException.class);
        assertThatThrownBy(() -> usage("r", 0, BigInteger.ONE)).isInstanceOf(RoyaltyInputException.class);
        assertThatThrownBy(() -> usage("r", 1, BigInteger.ONE.negate())).isInstanceOf(RoyaltyInputException.class);
        assertThatThrownBy(() -> usage("r", 2, BigInteger.ONE.shiftLeft(127)))
                .isInstanceOf(RoyaltyInputException.class);
    }
}
