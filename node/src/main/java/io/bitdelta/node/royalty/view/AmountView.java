package io.bitdelta.node.royalty.view;

import io.bitdelta.node.royalty.Token;
import java.math.BigInteger;

/**
 * An amount.
 *
 * @param units whole number of the smallest unit
 * @param shown the same in whole tokens
 */
public record AmountView(String units, String shown) {
    static AmountView of(Token token, BigInteger amount) {
        return new AmountView(amount.toString(), token.shown(amount));
    }
}
