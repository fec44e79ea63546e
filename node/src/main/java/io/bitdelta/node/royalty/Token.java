package io.bitdelta.node.royalty;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * How amounts of a token are shown; never how they are reckoned.
 *
 * @param address lowercase 0x-hex; zero for the chain's native currency
 * @param decimals digits after the point, 0 to 36
 * @param symbol 1 to 16 letters, digits, dots, hyphens, underscores; starts with a letter or digit, so that no
 *     spreadsheet takes it for a formula
 */
public record Token(String address, int decimals, String symbol) {
    /** Most digits that are shown after the point. */
    static final int MOST_DECIMALS = 36;

    private static final Pattern SYMBOL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,15}");

    /** Checks the ranges. */
    public Token {
        if (decimals < 0 || decimals > MOST_DECIMALS) {
            throw new IllegalArgumentException(
                    "token %s: %d decimals, at most %d".formatted(address, decimals, MOST_DECIMALS));
        }
        if (!isSymbol(symbol)) {
            throw new IllegalArgumentException("token %s: unfit symbol".formatted(address));
        }
    }

    /** The chain's own currency. */
    static Token nativeCurrency() {
        return new Token(RoyaltiesContract.NATIVE, 18, "native");
    }

    /** Whether a text can stand for a token. */
    static boolean isSymbol(String text) {
        return SYMBOL.matcher(text).matches();
    }

    /** The amount in whole tokens, e.g. {@code 0.000000000000000001}: exact, never rounded, without exponent. */
    public String shown(BigInteger amount) {
        return new BigDecimal(amount, decimals).toPlainString();
    }
}
