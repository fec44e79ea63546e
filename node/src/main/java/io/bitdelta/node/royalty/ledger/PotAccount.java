package io.bitdelta.node.royalty.ledger;

import io.bitdelta.engine.soup.WeightTree;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/** A soup's pot in one token, folded from events; the arithmetic of {@code Shares.sol}. */
final class PotAccount {
    private static final BigInteger WHOLE = BigInteger.valueOf(WeightTree.WHOLE);

    private final Map<Long, BigInteger> drawn = new HashMap<>();
    private BigInteger received = BigInteger.ZERO;
    private BigInteger paid = BigInteger.ZERO;

    void receive(BigInteger amount) {
        received = received.add(amount);
    }

    void draw(long leaf, BigInteger amount) {
        paid = paid.add(amount);
        drawn.merge(leaf, amount, BigInteger::add);
    }

    BigInteger received() {
        return received;
    }

    BigInteger paid() {
        return paid;
    }

    BigInteger drawn(long leaf) {
        return drawn.getOrDefault(leaf, BigInteger.ZERO);
    }

    /** Lifetime share of an interval of the receipts so far. */
    BigInteger earned(WeightTree.Share share) {
        return earned(received, share);
    }

    /** Lifetime share of an interval of some receipts: floored, so no two intervals overdraw. */
    static BigInteger earned(BigInteger received, WeightTree.Share share) {
        return received.multiply(BigInteger.valueOf(share.end() - share.start()))
                .divide(WHOLE);
    }
}
