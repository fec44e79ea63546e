package io.bitdelta.node.royalty.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.royalty.Royalties;
import io.bitdelta.node.royalty.Token;
import io.bitdelta.node.soup.SoupRegister;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A soup, and what it took in and gave out.
 *
 * @param soup from the index
 * @param pots by token
 * @param slash how it was slashed, if it was
 */
public record SoupView(
        SoupRegister.Entry soup,
        List<Pot> pots,
        @JsonInclude(JsonInclude.Include.NON_NULL) SoupRegister.@Nullable Slash slash) {
    /** What a soup has taken in and paid out in one token. */
    public record Pot(String token, String symbol, int decimals, AmountView received, AmountView paid) {}

    /** The view of a soup. */
    public static SoupView of(SoupRegister.Entry soup, Royalties royalties, Optional<SoupRegister.Slash> slash) {
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
                        .toList(),
                slash.orElse(null));
    }
}
