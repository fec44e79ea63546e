package io.bitdelta.node.royalty.view;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.royalty.Royalties;
import io.bitdelta.node.royalty.Token;
import io.bitdelta.node.soup.SoupRegister;
import java.util.List;

/**
 * A soup, and what it took in and gave out.
 *
 * @param soup from the index
 * @param pots by token
 */
public record SoupView(SoupRegister.Entry soup, List<Pot> pots) {
    /** What a soup has taken in and paid out in one token. */
    public record Pot(String token, String symbol, int decimals, AmountView received, AmountView paid) {}

    /** The view of a soup. */
    public static SoupView of(SoupRegister.Entry soup, Royalties royalties) {
        return new SoupView(
                soup,
                royalties.book().pots(Bytes32.of(soup.id())).stream()
                        .map(pot -> {
                            Token token = royalties.tokens().at(pot.token());
                            return new Pot(
                                    token.address(),
                                    token.symbol(),
                                    token.decimals(),
                                    AmountView.of(token, pot.received()),
                                    AmountView.of(token, pot.paid()));
                        })
                        .toList());
    }
}
