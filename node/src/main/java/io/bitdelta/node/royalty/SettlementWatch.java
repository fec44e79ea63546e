package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.node.jobs.Jobs;
import io.bitdelta.node.jobs.TooManyJobsException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no voucher expires that would bring its soup money: shortly before, it asks for a job that settles it. A
 * voucher whose amount is below the price of settling it is left to the operator.
 */
public final class SettlementWatch {
    /** Whose jobs these are. */
    public static final String PRINCIPAL = "node";

    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** A set of vouchers that a job could not settle is asked for again after this much block time. */
    private static final long AGAIN_SECONDS = 600;

    private static final Logger log = LoggerFactory.getLogger(SettlementWatch.class);

    private final Settlements settlements;
    private final Vouchers vouchers;
    private final RoyaltiesContract contract;
    private final Jobs jobs;
    private final Duration before;
    private final LongSupplier nanos;
    private final Map<Channel, SignedVoucher> over = new HashMap<>();
    private volatile State state = new State(0, 0, 0);
    private long lookedAt;
    private boolean looked;

    /**
     * What is known of the vouchers.
     *
     * @param open not yet settled and not expired
     * @param due of these, the ones that expire soon
     * @param lost expired with money that was never drawn, since the node started
     */
    public record State(int open, int due, int lost) {}

    /**
     * @param before how long before their expiry vouchers are settled; zero leaves it to the operator
     * @param nanos a clock that only goes forward
     */
    public SettlementWatch(Royalties royalties, Jobs jobs, Duration before, LongSupplier nanos) {
        this.settlements = royalties.settlements();
        this.vouchers = royalties.vouchers();
        this.contract = royalties.contract();
        this.jobs = jobs;
        this.before = before;
        this.nanos = nanos;
    }

    /** As of the last look. */
    public State state() {
        return state;
    }

    /** How long before their expiry vouchers are settled: as configured, and at most half the time that a new one can last. */
    public long marginSeconds() {
        return Math.min(before.toSeconds(), contract.escrowDelay() / 2);
    }

    /**
     * Looks at all vouchers, unless it did a moment ago.
     *
     * @throws io.bitdelta.node.chain.ChainException when the chain does not answer
     */
    public synchronized void look() {
        if (looked && nanos.getAsLong() - lookedAt < LOOK_EVERY_NANOS) {
            return;
        }
        lookNow();
        looked = true;
        lookedAt = nanos.getAsLong();
    }

    /** Looks at all vouchers. */
    synchronized void lookNow() {
        long now = contract.chainTime();
        int lost = state.lost();
        int open = 0;
        for (SignedVoucher voucher : vouchers.newest()) {
            if (voucher.equals(over.get(voucher.channel()))) {
                continue;
            }
            boolean drawn = voucher.message().cumulative().compareTo(vouchers.drawn(voucher.channel())) <= 0;
            boolean expired = voucher.message().expiry() < now;
            if (drawn || expired) {
                over.put(voucher.channel(), voucher);
            } else {
                open++;
            }
            if (expired && !drawn) {
                lost++;
                log.error(
                        "{}: a voucher over {} expired before it was settled",
                        voucher.channel(),
                        voucher.message().cumulative());
            }
        }
        List<SignedVoucher> due = before.isZero() ? List.of() : settlements.worthSettlingWithin(marginSeconds());
        state = new State(open, due.size(), lost);
        if (!due.isEmpty()) {
            ask(due, now);
        }
    }

    private void ask(List<SignedVoucher> due, long now) {
        String which = due.stream()
                .map(voucher -> voucher.channel() + " " + voucher.message().cumulative() + " "
                        + voucher.message().expiry())
                .sorted()
                .collect(Collectors.joining("\n"));
        String key = "settle-%s-%d".formatted(Keccak256.ofText(which).hex(), now / AGAIN_SECONDS);
        try {
            jobs.submit(PRINCIPAL, SettlementJob.NAME, Optional.of(key), SettlementJob.expiring(marginSeconds()));
        } catch (TooManyJobsException many) {
            log.warn("{} vouchers expire soon: {}", due.size(), many.getMessage());
        }
    }

    /** What settling one voucher costs at most, at this price of gas. */
    static BigInteger cost(BigInteger gasPrice) {
        return gasPrice.multiply(BigInteger.valueOf(Settlements.GAS_EACH));
    }
}
