package io.bitdelta.node.royalty.statement;

import io.bitdelta.node.royalty.Token;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A statement as CSV by RFC 4180: one header, CRLF after every record, UTF-8. Each token has a record {@code opening}, its
 * changes, and a record {@code closing}; amounts are whole numbers of the smallest unit, with the same in whole tokens
 * beside.
 */
public final class StatementCsv {
    private static final String CRLF = "\r\n";
    private static final List<String> HEADER = List.of(
            "kind",
            "time",
            "block",
            "logIndex",
            "tx",
            "soup",
            "leaf",
            "counterparty",
            "token",
            "symbol",
            "decimals",
            "amount",
            "amountShown",
            "balance",
            "balanceShown");

    private StatementCsv() {}

    /** The whole file. */
    public static String of(Statement statement) {
        StringBuilder csv = new StringBuilder();
        append(csv, HEADER);
        for (Statement.Section section : statement.sections()) {
            append(csv, balance("opening", statement.from().toString(), section.token(), section.opening()));
            section.lines().forEach(line -> append(csv, line(section.token(), line)));
            append(csv, balance("closing", statement.to().toString(), section.token(), section.closing()));
        }
        return csv.toString();
    }

    private static List<String> balance(String kind, String time, Token token, BigInteger balance) {
        return List.of(
                kind,
                time,
                "",
                "",
                "",
                "",
                "",
                "",
                token.address(),
                token.symbol(),
                Integer.toString(token.decimals()),
                "",
                "",
                balance.toString(),
                token.shown(balance));
    }

    private static List<String> line(Token token, Statement.Line line) {
        return List.of(
                line.cause().name().toLowerCase(Locale.ROOT),
                line.at().time().toString(),
                Long.toString(line.at().block()),
                Integer.toString(line.at().logIndex()),
                line.at().tx(),
                line.soupId().hex(),
                Long.toString(line.leaf()),
                line.counterparty(),
                token.address(),
                token.symbol(),
                Integer.toString(token.decimals()),
                line.amount().toString(),
                token.shown(line.amount()),
                line.balance().toString(),
                token.shown(line.balance()));
    }

    private static void append(StringBuilder csv, List<String> fields) {
        csv.append(fields.stream().map(StatementCsv::field).collect(Collectors.joining(",")))
                .append(CRLF);
    }

    /** Quotes what a comma, a quote or a line break would tear. */
    static String field(String value) {
        boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
    }
}
