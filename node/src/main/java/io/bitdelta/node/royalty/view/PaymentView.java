package io.bitdelta.node.royalty.view;

import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.royalty.Payments;
import io.bitdelta.node.royalty.Token;

/**
 * A payment on the chain.
 *
 * @param tx that carried it
 * @param gas it used
 * @param block it is in
 * @param token its address; zero for the native currency
 * @param received what arrived in the pot, in the smallest unit
 * @param shown the same in whole tokens
 */
public record PaymentView(
        String tx, long gas, long block, String token, String symbol, int decimals, String received, String shown) {
    /** The view of a payment. */
    public static PaymentView of(Payments.Payment payment, Token token) {
        OutboxEntry sent = payment.transaction();
        return new PaymentView(
                sent.hash(),
                sent.gasUsed(),
                sent.block(),
                token.address(),
                token.symbol(),
                token.decimals(),
                payment.received().toString(),
                token.shown(payment.received()));
    }
}
