package io.bitdelta.node.royalty.view;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.royalty.Claims;
import io.bitdelta.node.royalty.Token;
import java.util.List;
import java.util.function.Function;

/**
 * What was claimed.
 *
 * @param did for whom
 * @param pulls transactions that moved child soups' shares before
 * @param claims one transaction each
 * @param refused shares that the contract would not pay, and why
 */
public record ClaimView(String did, List<TransactionView> pulls, List<ClaimPart> claims, List<RefusedPart> refused) {
    /** A mined transaction. */
    public record TransactionView(String tx, long block, long gas) {
        static TransactionView of(OutboxEntry entry) {
            return new TransactionView(entry.hash(), entry.block(), entry.gasUsed());
        }
    }

    /** One claim. */
    public record ClaimPart(
            String token, String symbol, int decimals, AmountView amount, int soups, String tx, long block, long gas) {}

    /** A share that was left out. */
    public record RefusedPart(String soup, long leaf, String reason) {}

    /** The view of an outcome. */
    public static ClaimView of(LuxDid did, Claims.Outcome outcome, Function<EvmAddress, Token> tokens) {
        return new ClaimView(
                did.toString(),
                outcome.pulled().stream().map(TransactionView::of).toList(),
                outcome.sent().stream()
                        .map(sent -> part(sent, tokens.apply(sent.batch().token())))
                        .toList(),
                outcome.refused().stream()
                        .map(refused -> new RefusedPart(
                                refused.share().soupId().hex(), refused.share().leaf(), refused.reason()))
                        .toList());
    }

    private static ClaimPart part(Claims.Sent sent, Token token) {
        return new ClaimPart(
                token.address(),
                token.symbol(),
                token.decimals(),
                AmountView.of(token, sent.amount()),
                sent.batch().dues().size(),
                sent.transaction().hash(),
                sent.transaction().block(),
                sent.transaction().gasUsed());
    }
}
