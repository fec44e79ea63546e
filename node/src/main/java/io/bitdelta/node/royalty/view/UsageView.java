package io.bitdelta.node.royalty.view;

import io.bitdelta.node.royalty.Usage;
import io.bitdelta.node.royalty.UsageMeter;
import org.jspecify.annotations.Nullable;

/**
 * A metered use; amounts in the smallest unit.
 *
 * @param ordinal place in the channel, from 1
 * @param delta which one was used; null when it was the soup as a whole
 * @param meteredAfter what the payer owes to the soup for all use up to this one
 * @param usedAt when it was recorded
 */
public record UsageView(
        String payer,
        String requestId,
        String soup,
        String token,
        long ordinal,
        String principal,
        @Nullable String delta,
        long units,
        String unitPrice,
        String amount,
        String meteredAfter,
        String usedAt) {
    /** The view of a record. */
    public static UsageView of(UsageMeter.Metered metered) {
        Usage usage = metered.usage();
        return new UsageView(
                usage.channel().payer().hex(),
                usage.requestId(),
                usage.channel().soupId().hex(),
                usage.channel().token().hex(),
                metered.ordinal(),
                usage.principal(),
                usage.deltaId().isZero() ? null : usage.deltaId().hex(),
                usage.units(),
                usage.unitPrice().toString(),
                usage.amount().toString(),
                metered.meteredAfter().toString(),
                metered.usedAt().toString());
    }
}
