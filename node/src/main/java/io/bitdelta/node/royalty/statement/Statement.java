package io.bitdelta.node.royalty.statement;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.royalty.Token;
import io.bitdelta.node.royalty.ledger.IdentityLedger;
import io.bitdelta.node.royalty.ledger.Moment;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;

/**
 * What an identity earned and drew in a period.
 *
 * @param did whose
 * @param from first moment of the period, by block time
 * @param to first moment after it
 * @param sections one for each token, in ascending order of address
 */
public record Statement(LuxDid did, Instant from, Instant to, List<Section> sections) {
    /** Copies the list. */
    public Statement {
        sections = List.copyOf(sections);
    }

    /**
     * One token's part. A balance is what could be claimed.
     *
     * @param token in what
     * @param opening balance at {@code from}
     * @param lines in chain order
     * @param closing balance at {@code to}
     */
    public record Section(Token token, BigInteger opening, List<Line> lines, BigInteger closing) {
        /** Refuses a section that does not reconcile. */
        public Section {
            lines = List.copyOf(lines);
            BigInteger balance = opening;
            for (Line line : lines) {
                balance = balance.add(line.amount());
                if (!balance.equals(line.balance())) {
                    throw new IllegalStateException("%s at %s: the balance is %s, the line says %s"
                            .formatted(line.cause(), line.at(), balance, line.balance()));
                }
            }
            if (!balance.equals(closing)) {
                throw new IllegalStateException(
                        "the lines end at %s, the closing balance is %s".formatted(balance, closing));
            }
        }
    }

    /**
     * One change.
     *
     * @param at where on the chain
     * @param cause why
     * @param soupId whose pot
     * @param leaf of the soup's weights
     * @param counterparty who paid (address or child soup), or where a claim went to; lowercase 0x-hex
     * @param amount earned above zero, drawn below
     * @param balance after it
     */
    public record Line(
            Moment at,
            IdentityLedger.Cause cause,
            Bytes32 soupId,
            long leaf,
            String counterparty,
            BigInteger amount,
            BigInteger balance) {}
}
