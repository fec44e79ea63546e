package io.bitdelta.node.royalty.statement;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.royalty.Token;
import io.bitdelta.node.royalty.ledger.IdentityLedger;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Writes statements from an identity's ledger. */
public final class Statements {
    private final IdentityLedger ledger;
    private final Function<EvmAddress, Token> tokens;

    /**
     * @param ledger of earnings and claims
     * @param tokens how amounts are shown
     */
    public Statements(IdentityLedger ledger, Function<EvmAddress, Token> tokens) {
        this.ledger = ledger;
        this.tokens = tokens;
    }

    /**
     * A statement of a period.
     *
     * @param token only this one; empty for all
     * @param from first moment of the period, by block time
     * @param to first moment after it
     * @throws PeriodException when the period ends before it begins
     */
    public Statement of(LuxDid did, Optional<EvmAddress> token, Instant from, Instant to) {
        if (!from.isBefore(to)) {
            throw new PeriodException(
                    "the period begins at %s and ends at %s: the end must be later".formatted(from, to));
        }
        Map<String, Draft> drafts = new TreeMap<>();
        for (IdentityLedger.Change change : ledger.changes(did.address())) {
            boolean asked = token.isEmpty() || token.get().equals(change.token());
            if (asked && change.at().time().isBefore(to)) {
                drafts.computeIfAbsent(change.token().hex(), fresh -> new Draft())
                        .add(change, !change.at().time().isBefore(from));
            }
        }
        return new Statement(
                did,
                from,
                to,
                drafts.entrySet().stream()
                        .map(entry -> entry.getValue().section(tokens.apply(EvmAddress.of(entry.getKey()))))
                        .toList());
    }

    private static final class Draft {
        private final List<Statement.Line> lines = new ArrayList<>();
        private BigInteger opening = BigInteger.ZERO;
        private BigInteger balance = BigInteger.ZERO;

        void add(IdentityLedger.Change change, boolean within) {
            balance = balance.add(change.amount());
            if (within) {
                lines.add(new Statement.Line(
                        change.at(),
                        change.cause(),
                        change.soupId(),
                        change.leaf(),
                        change.counterparty(),
                        change.amount(),
                        balance));
            } else {
                opening = balance;
            }
        }

        Statement.Section section(Token token) {
            return new Statement.Section(token, opening, lines, balance);
        }
    }
}
