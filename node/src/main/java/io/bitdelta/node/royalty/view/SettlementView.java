package io.bitdelta.node.royalty.view;

import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.royalty.Settlements;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of vouchers.
 *
 * @param vouchers each with its end
 */
public record SettlementView(List<Part> vouchers) {
    /**
     * One voucher's end.
     *
     * @param verdict settled, or why not: expired, out-of-range, nothing-new, bad-signature, escrow-too-low,
     *     soup-not-final
     * @param amount what the soup got, in the smallest unit
     * @param tx that carried it; null when it was not sent
     */
    public record Part(
            String soup,
            String token,
            String payer,
            String cumulative,
            String verdict,
            String amount,
            @Nullable String tx) {}

    /** The view of some outcomes. */
    public static SettlementView of(List<Settlements.Outcome> outcomes) {
        return new SettlementView(outcomes.stream().map(SettlementView::part).toList());
    }

    private static Part part(Settlements.Outcome outcome) {
        OutboxEntry transaction = outcome.transaction();
        return new Part(
                outcome.voucher().message().soupId().hex(),
                outcome.voucher().message().token().hex(),
                outcome.voucher().message().payer().hex(),
                outcome.voucher().message().cumulative().toString(),
                outcome.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                outcome.amount().toString(),
                transaction == null ? null : transaction.hash());
    }
}
