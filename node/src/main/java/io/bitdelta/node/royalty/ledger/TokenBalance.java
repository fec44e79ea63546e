package io.bitdelta.node.royalty.ledger;

import io.bitdelta.attestation.bytes.EvmAddress;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Function;

/**
 * What an identity has in one token.
 *
 * @param token in what
 * @param shares leaf by leaf; empty where there is only escrow
 * @param escrow what the identity's own address holds behind its vouchers
 */
public record TokenBalance(EvmAddress token, List<ShareBalance> shares, BigInteger escrow) {
    /** Copies the shares. */
    public TokenBalance {
        shares = List.copyOf(shares);
    }

    /** Lifetime earnings. */
    public BigInteger earned() {
        return sum(ShareBalance::earned);
    }

    /** Drawn so far. */
    public BigInteger claimed() {
        return sum(ShareBalance::claimed);
    }

    /** Can be drawn now. */
    public BigInteger claimable() {
        return sum(ShareBalance::claimable);
    }

    /** Could be drawn on top, once child soups' shares are pulled. */
    public BigInteger pullable() {
        return sum(ShareBalance::pullable);
    }

    private BigInteger sum(Function<ShareBalance, BigInteger> part) {
        return shares.stream().map(part).reduce(BigInteger.ZERO, BigInteger::add);
    }
}
