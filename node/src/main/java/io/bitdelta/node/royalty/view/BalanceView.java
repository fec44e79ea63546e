package io.bitdelta.node.royalty.view;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.royalty.Token;
import io.bitdelta.node.royalty.ledger.ShareBalance;
import io.bitdelta.node.royalty.ledger.TokenBalance;
import java.util.List;
import java.util.function.Function;

/**
 * What an identity has.
 *
 * @param did whose
 * @param balances by token
 */
public record BalanceView(String did, List<TokenPart> balances) {
    /**
     * One token's part.
     *
     * @param token its address; zero for the native currency
     * @param earned for life
     * @param claimed so far
     * @param claimable now
     * @param pullable on top, once child soups' shares are pulled
     * @param escrow behind the identity's own vouchers
     * @param shares leaf by leaf
     */
    public record TokenPart(
            String token,
            String symbol,
            int decimals,
            AmountView earned,
            AmountView claimed,
            AmountView claimable,
            AmountView pullable,
            AmountView escrow,
            List<SharePart> shares) {}

    /** One leaf's part: an interval of billionths and what it has come to, in the smallest unit. */
    public record SharePart(
            String soup,
            long leaf,
            long start,
            long end,
            String earned,
            String claimed,
            String claimable,
            String pullable) {}

    /** The view of some balances. */
    public static BalanceView of(LuxDid did, List<TokenBalance> balances, Function<EvmAddress, Token> tokens) {
        return new BalanceView(
                did.toString(),
                balances.stream()
                        .map(balance -> part(balance, tokens.apply(balance.token())))
                        .toList());
    }

    private static TokenPart part(TokenBalance balance, Token token) {
        return new TokenPart(
                token.address(),
                token.symbol(),
                token.decimals(),
                AmountView.of(token, balance.earned()),
                AmountView.of(token, balance.claimed()),
                AmountView.of(token, balance.claimable()),
                AmountView.of(token, balance.pullable()),
                AmountView.of(token, balance.escrow()),
                balance.shares().stream().map(BalanceView::part).toList());
    }

    private static SharePart part(ShareBalance share) {
        return new SharePart(
                share.soupId().hex(),
                share.leaf(),
                share.start(),
                share.end(),
                share.earned().toString(),
                share.claimed().toString(),
                share.claimable().toString(),
                share.pullable().toString());
    }
}
