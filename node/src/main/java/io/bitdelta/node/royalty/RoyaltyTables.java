package io.bitdelta.node.royalty;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.math.BigInteger;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** Names of this package's tables and columns, typed; their meaning stands in the migration. */
final class RoyaltyTables {
    static final Table<Record> PAYER_ACCOUNT = table(name("payer_account"));
    static final Table<Record> USAGE_CHANNEL = table(name("usage_channel"));
    static final Table<Record> USAGE_RECORD = table(name("usage_record"));
    static final Table<Record> VOUCHER = table(name("voucher"));

    static final Field<String> PAYER = text("payer");
    static final Field<String> TOKEN = text("token");
    static final Field<Long> CHANGES = number("changes");
    static final Field<String> SOUP_ID = text("soup_id");
    static final Field<Long> RECORDS = number("records");
    static final Field<String> METERED = text("metered");
    static final Field<String> REQUEST_ID = text("request_id");
    static final Field<Long> ORDINAL = number("ordinal");
    static final Field<String> PRINCIPAL = text("principal");
    static final Field<String> DELTA_ID = text("delta_id");
    static final Field<Long> UNITS = number("units");
    static final Field<String> UNIT_PRICE = text("unit_price");
    static final Field<String> AMOUNT = text("amount");
    static final Field<String> METERED_AFTER = text("metered_after");
    static final Field<Long> USED_AT_S = number("used_at_s");
    static final Field<String> CUMULATIVE = text("cumulative");
    static final Field<Long> EXPIRY = number("expiry");
    static final Field<String> SIGNATURE = text("signature");
    static final Field<Long> STORED_AT_S = number("stored_at_s");

    /** Amounts are uint128 in the contract. */
    static final BigInteger MOST = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    private RoyaltyTables() {}

    /**
     * Makes the rest of the transaction the only one that changes what a payer owes in a token: an update holds the row
     * until commit on every database.
     */
    static void lock(DSLContext sql, String payer, String token) {
        sql.insertInto(PAYER_ACCOUNT, PAYER, TOKEN, CHANGES)
                .values(payer, token, 0L)
                .onConflictDoNothing()
                .execute();
        sql.update(PAYER_ACCOUNT)
                .set(CHANGES, CHANGES.plus(1))
                .where(PAYER.eq(payer), TOKEN.eq(token))
                .execute();
    }

    /** The rows of a channel. */
    static Condition in(Channel channel) {
        return SOUP_ID.eq(channel.soupId().hex())
                .and(TOKEN.eq(channel.token().hex()))
                .and(PAYER.eq(channel.payer().hex()));
    }

    private static Field<String> text(String column) {
        return field(name(column), String.class);
    }

    private static Field<Long> number(String column) {
        return field(name(column), Long.class);
    }
}
