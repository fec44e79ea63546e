package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.TxRequest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns stored vouchers into soups' money: the newest of each channel, many in a transaction. What the contract would
 * skip is not sent, and said why; what it skips all the same is told by its events.
 */
public final class Settlements {
    /** At 59 000 gas for a first settlement, half of what a transaction may use. */
    static final int BATCH = 140;

    /** Measured for a channel's first settlement. */
    static final long GAS_EACH = 59_000;

    private final ChainClient chain;

    private final RoyaltiesContract contract;
    private final Vouchers vouchers;
    private final Outbox outbox;
    private final RoyaltyReceipts receipts;

    /** @param outbox sends from the account that pays for gas */
    public Settlements(ChainClient chain, RoyaltiesContract contract, Vouchers vouchers, Outbox outbox) {
        this.chain = chain;
        this.contract = contract;
        this.vouchers = vouchers;
        this.outbox = outbox;
        this.receipts = new RoyaltyReceipts(chain, contract.address());
    }

    /** What becomes of a voucher; the numbers of those after {@link #SETTLED} are the contract's. */
    public enum Verdict {
        SETTLED(0),
        EXPIRED(1),
        OUT_OF_RANGE(2),
        /** Drawn already: a replay, or an older voucher than one that was settled. */
        NOTHING_NEW(3),
        BAD_SIGNATURE(4),
        ESCROW_TOO_LOW(5),
        SOUP_NOT_FINAL(6);

        private final int code;

        Verdict(int code) {
            this.code = code;
        }

        static Verdict of(int code) {
            return Arrays.stream(values())
                    .filter(verdict -> verdict.code == code)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no reason to skip a voucher has number " + code));
        }
    }

    /**
     * A voucher's end.
     *
     * @param voucher which
     * @param verdict what became of it
     * @param amount what the soup got by it; 0 unless settled
     * @param transaction that carried it; null when it was not sent
     */
    public record Outcome(
            SignedVoucher voucher,
            Verdict verdict,
            BigInteger amount,
            @Nullable OutboxEntry transaction) {}

    /** Settles the newest voucher of every channel that has something new, and waits until it is final. */
    public List<Outcome> settle() {
        return settle(vouchers.newest());
    }

    /**
     * The vouchers that expire within some time, would be settled, and are worth their gas as far as that can be told: in
     * the native currency, more than it costs.
     */
    public List<SignedVoucher> worthSettlingWithin(long seconds) {
        long now = contract.chainTime();
        List<SignedVoucher> soon = vouchers.newest().stream()
                .filter(voucher ->
                        voucher.message().expiry() >= now && voucher.message().expiry() <= now + seconds)
                .toList();
        if (soon.isEmpty()) {
            return List.of();
        }
        BigInteger least = SettlementWatch.cost(chain.head().baseFeeWei());
        return expect(soon).stream()
                .filter(outcome -> outcome.verdict() == Verdict.SETTLED)
                .filter(outcome -> !outcome.voucher().message().token().equals(Royalties.NATIVE)
                        || outcome.amount().compareTo(least) > 0)
                .map(Outcome::voucher)
                .toList();
    }

    /** Settles these vouchers, in this order. */
    public List<Outcome> settle(List<SignedVoucher> chosen) {
        List<Outcome> outcomes = new ArrayList<>();
        List<Outcome> sendable = new ArrayList<>();
        Purse purse = new Purse(contract.chainTime());
        for (SignedVoucher voucher : chosen) {
            Outcome expected = purse.expect(voucher);
            (expected.verdict() == Verdict.SETTLED ? sendable : outcomes).add(expected);
        }
        for (int from = 0; from < sendable.size(); from += BATCH) {
            outcomes.addAll(send(sendable.subList(from, Math.min(sendable.size(), from + BATCH)), purse.seen()));
        }
        return outcomes;
    }

    /** What the contract would do with these vouchers in one call, in its order of checks; nothing is sent. */
    List<Outcome> expect(List<SignedVoucher> chosen) {
        Purse purse = new Purse(contract.chainTime());
        return chosen.stream().map(purse::expect).toList();
    }

    /**
     * @param seen what the decision to send rests on: when a voucher was skipped and the payer's escrow grows later, the
     *     same voucher is another intent
     */
    private List<Outcome> send(List<Outcome> expected, String seen) {
        String data = contract.settle(expected.stream().map(Outcome::voucher).toList());
        String purpose = "settle %s with %s".formatted(Keccak256.of(HexText.parse(data)), Keccak256.ofText(seen));
        OutboxEntry sent = outbox.execute(TxRequest.call(purpose, contract.address(), data));
        Map<Integer, Integer> skipped = receipts.skipped(sent);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            Verdict verdict = Verdict.of(skipped.getOrDefault(i, 0));
            BigInteger amount = verdict == Verdict.SETTLED ? expected.get(i).amount() : BigInteger.ZERO;
            outcomes.add(new Outcome(expected.get(i).voucher(), verdict, amount, sent));
        }
        return outcomes;
    }

    /** The payers' escrows as the vouchers before have left them. */
    private final class Purse {
        private record Holder(EvmAddress payer, EvmAddress token) {}

        private final long now;
        private final Map<Holder, BigInteger> left = new HashMap<>();
        private final Map<Channel, BigInteger> drawn = new HashMap<>();
        private final StringBuilder found = new StringBuilder();

        private Purse(long now) {
            this.now = now;
        }

        /** Escrows and drawn amounts that were found. */
        String seen() {
            return found.toString();
        }

        /** In the contract's order of checks. */
        private Outcome expect(SignedVoucher voucher) {
            Channel channel = voucher.channel();
            if (now > voucher.message().expiry()) {
                return skip(voucher, Verdict.EXPIRED);
            }
            BigInteger before = drawn.computeIfAbsent(channel, fresh -> noted(fresh, vouchers.drawn(fresh)));
            BigInteger cumulative = voucher.message().cumulative();
            if (cumulative.compareTo(before) <= 0) {
                return skip(voucher, Verdict.NOTHING_NEW);
            }
            if (!vouchers.isSigned(voucher)) {
                return skip(voucher, Verdict.BAD_SIGNATURE);
            }
            Holder holder = new Holder(channel.payer(), channel.token());
            BigInteger escrow = left.computeIfAbsent(
                    holder,
                    fresh -> noted(
                            fresh,
                            contract.escrow(fresh.payer(), fresh.token().hex()).amount()));
            BigInteger amount = cumulative.subtract(before);
            if (escrow.compareTo(amount) < 0) {
                return skip(voucher, Verdict.ESCROW_TOO_LOW);
            }
            if (!contract.isFinal(channel.soupId())) {
                return skip(voucher, Verdict.SOUP_NOT_FINAL);
            }
            left.put(holder, escrow.subtract(amount));
            drawn.put(channel, cumulative);
            return new Outcome(voucher, Verdict.SETTLED, amount, null);
        }

        private BigInteger noted(Object whose, BigInteger amount) {
            found.append(whose).append(": ").append(amount).append('\n');
            return amount;
        }

        private Outcome skip(SignedVoucher voucher, Verdict verdict) {
            return new Outcome(voucher, verdict, BigInteger.ZERO, null);
        }
    }
}
