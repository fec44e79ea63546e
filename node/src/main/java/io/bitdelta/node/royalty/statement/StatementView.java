package io.bitdelta.node.royalty.statement;

import io.bitdelta.node.royalty.Token;
import java.util.List;
import java.util.Locale;

/**
 * A statement as JSON has it: hashes as 0x-hex, times as RFC 3339 in UTC, amounts as decimal text.
 *
 * @param did whose
 * @param from first moment, by block time
 * @param to first moment after
 * @param tokens one section each
 */
public record StatementView(String did, String from, String to, List<Section> tokens) {
    /** One token's part. */
    public record Section(
            String token, String symbol, int decimals, String opening, List<Line> lines, String closing) {}

    /** One change. */
    public record Line(
            String kind,
            String time,
            long block,
            int logIndex,
            String tx,
            String soup,
            long leaf,
            String counterparty,
            String amount,
            String amountShown,
            String balance) {}

    /** The same statement. */
    public static StatementView of(Statement statement) {
        return new StatementView(
                statement.did().toString(),
                statement.from().toString(),
                statement.to().toString(),
                statement.sections().stream().map(StatementView::section).toList());
    }

    private static Section section(Statement.Section section) {
        Token token = section.token();
        return new Section(
                token.address(),
                token.symbol(),
                token.decimals(),
                section.opening().toString(),
                section.lines().stream().map(line -> line(token, line)).toList(),
                section.closing().toString());
    }

    private static Line line(Token token, Statement.Line line) {
        return new Line(
                line.cause().name().toLowerCase(Locale.ROOT),
                line.at().time().toString(),
                line.at().block(),
                line.at().logIndex(),
                line.at().tx(),
                line.soupId().hex(),
                line.leaf(),
                line.counterparty(),
                line.amount().toString(),
                token.shown(line.amount()),
                line.balance().toString());
    }
}
