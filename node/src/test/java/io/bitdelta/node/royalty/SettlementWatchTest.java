package io.bitdelta.node.royalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.typed.VoucherMessage;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.jobs.JobState;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vouchers that would expire are settled by the node on its own, within what it may spend. */
final class SettlementWatchTest {
    private static final EvmAddress ALICE = RoyaltyHouse.identity(1);
    private static final long ETHER_1000TH = 1_000_000_000_000_000L;

    @TempDir
    Path folder;

    private static SignedVoucher voucher(RoyaltyHouse house, Bytes32 soup, EvmAddress token, long amount, long seconds)
            throws IOException {
        VoucherMessage message = new VoucherMessage(
                soup,
                token,
                house.payerAddress(),
                BigInteger.valueOf(amount),
                house.royalties().contract().chainTime() + seconds);
        return new SignedVoucher(
                message,
                house.payerKey()
                        .sign(message.digest(house.royalties().contract().domain())));
    }

    private static Job finished(RoyaltyHouse house, Job job) {
        for (int i = 0; i < 1200; i++) {
            Job now = house.node().jobs().find(job.id()).orElseThrow();
            if (now.state().isFinal()) {
                return now;
            }
            LockSupport.parkNanos(50_000_000);
        }
        throw new AssertionError("not finished: " + house.node().jobs().find(job.id()));
    }

    @Test
    void aVoucherIsSettledBeforeItExpiresAndOnlyThen() throws IOException {
        try (RoyaltyHouse house = RoyaltyHouse.open(folder)) {
            Royalties royalties = house.royalties();
            Bytes32 soup = house.soup(RoyaltyHouse.shares(List.of(ALICE)));
            Bytes32 other = house.soup(RoyaltyHouse.shares(List.of(RoyaltyHouse.identity(2))));
            house.deposit(Royalties.NATIVE, 10 * ETHER_1000TH);
            house.node().jobs().start();
            SettlementWatch watch =
                    new SettlementWatch(royalties, house.node().jobs(), Duration.ofDays(1), System::nanoTime);
            long delay = royalties.contract().escrowDelay();
            assertThat(watch.marginSeconds()).isEqualTo(delay / 2);
            royalties.vouchers().accept(voucher(house, soup, Royalties.NATIVE, ETHER_1000TH, delay - 60));
            // One unit is worth less than the gas that brings it.
            royalties.vouchers().accept(voucher(house, other, Royalties.NATIVE, 1, delay - 60));
            watch.lookNow();
            assertThat(watch.state()).isEqualTo(new SettlementWatch.State(2, 0, 0));
            assertThat(house.node().jobs().newest(10)).isEmpty();

            house.node().embeddedChain().orElseThrow().advanceClock(delay / 2);
            house.give(ALICE, BigInteger.ONE); // a block with the new time
            watch.lookNow();
            assertThat(watch.state()).isEqualTo(new SettlementWatch.State(2, 1, 0));
            watch.lookNow();
            List<Job> jobs = house.node().jobs().newest(10);
            assertThat(jobs).hasSize(1);
            assertThat(jobs.getFirst().principal()).isEqualTo(SettlementWatch.PRINCIPAL);
            Job job = finished(house, jobs.getFirst());
            assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(job.result(SettlementJob.SETTLED).orElseThrow().path("vouchers"))
                    .hasSize(1);
            assertThat(royalties.contract().pot(soup, Royalties.NATIVE.hex()).received())
                    .isEqualTo(BigInteger.valueOf(ETHER_1000TH));
            assertThat(house.node().gasBudget().status().daySpent()).isPositive();

            watch.lookNow();
            assertThat(watch.state()).isEqualTo(new SettlementWatch.State(1, 0, 0));
            house.node().embeddedChain().orElseThrow().advanceClock(delay);
            house.give(ALICE, BigInteger.ONE);
            watch.lookNow();
            assertThat(watch.state()).isEqualTo(new SettlementWatch.State(0, 0, 1));
            watch.lookNow();
            assertThat(watch.state().lost()).isEqualTo(1);
            assertThat(house.node().jobs().newest(10)).hasSize(1);
        }
    }

    @Test
    void anOperatorWhoSettlesByHandIsLeftTo() throws IOException {
        try (RoyaltyHouse house = RoyaltyHouse.open(folder)) {
            Bytes32 soup = house.soup(RoyaltyHouse.shares(List.of(ALICE)));
            house.deposit(Royalties.NATIVE, ETHER_1000TH);
            SettlementWatch watch =
                    new SettlementWatch(house.royalties(), house.node().jobs(), Duration.ZERO, System::nanoTime);
            house.royalties().vouchers().accept(voucher(house, soup, Royalties.NATIVE, ETHER_1000TH, 700));
            house.node().embeddedChain().orElseThrow().advanceClock(300);
            house.give(ALICE, BigInteger.ONE);
            watch.lookNow();
            assertThat(watch.state()).isEqualTo(new SettlementWatch.State(1, 0, 0));
            assertThat(house.node().jobs().newest(10)).isEmpty();
        }
    }
}
