package io.bitdelta.node.relay;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.RowCounter;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** The account of what the node pays for others, shared by all nodes on one database. Thread-safe. */
public final class GasBudget {
    private static final Table<Record> CHARGE = table(name("relay_charge"));
    private static final Field<String> SUBJECT = field(name("subject"), String.class);
    private static final Field<String> PRINCIPAL = field(name("principal"), String.class);
    private static final Field<Long> AT_S = field(name("at_s"), Long.class);
    private static final Field<String> WEI = field(name("wei"), String.class);
    private static final Field<Integer> SETTLED = field(name("settled"), Integer.class);

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final Database database;
    private final RelayRules rules;
    private final Clock clock;

    /** @param rules the bounds */
    public GasBudget(Database database, RelayRules rules, Clock clock) {
        this.database = database;
        this.rules = rules;
        this.clock = clock;
    }

    /** The answer to a wish. */
    public sealed interface Grant {
        /** The money is reserved. */
        record Reserved() implements Grant {}

        /**
         * The hour's or the day's budget is spent.
         *
         * @param window {@code hour} or {@code day}
         */
        record Spent(String window) implements Grant {}

        /**
         * The principal has had as many transactions as one may have in a day.
         *
         * @param most that many
         */
        record QuotaUsed(int most) implements Grant {}
    }

    /**
     * How the budget stands.
     *
     * @param hourLimit wei
     * @param hourSpent wei, reservations included
     * @param dayLimit wei
     * @param daySpent wei, reservations included
     * @param perPrincipalPerDay transactions
     */
    public record Status(
            BigInteger hourLimit,
            BigInteger hourSpent,
            BigInteger dayLimit,
            BigInteger daySpent,
            int perPrincipalPerDay) {
        /** Whether nothing at all is left of the hour's or the day's budget. */
        public boolean spent() {
            return hourSpent.compareTo(hourLimit) >= 0 || daySpent.compareTo(dayLimit) >= 0;
        }
    }

    /**
     * Reserves money for a transaction. Asking again for the same subject changes nothing.
     *
     * @param subject what it is for, e.g. a job's id
     * @param wei most that it can cost
     */
    public Grant reserve(String subject, String principal, BigInteger wei) {
        return database.transaction(sql -> {
            RowCounter.next(sql, "relay");
            if (sql.fetchExists(CHARGE, SUBJECT.eq(subject))) {
                return new Grant.Reserved();
            }
            Instant now = clock.instant();
            int had = sql.fetchCount(
                    CHARGE, PRINCIPAL.eq(principal), AT_S.gt(now.minus(DAY).getEpochSecond()));
            if (had >= rules.perPrincipalPerDay()) {
                return new Grant.QuotaUsed(rules.perPrincipalPerDay());
            }
            if (spent(sql, now.minus(HOUR)).add(wei).compareTo(rules.weiPerHour()) > 0) {
                return new Grant.Spent("hour");
            }
            if (spent(sql, now.minus(DAY)).add(wei).compareTo(rules.weiPerDay()) > 0) {
                return new Grant.Spent("day");
            }
            sql.insertInto(CHARGE)
                    .set(SUBJECT, subject)
                    .set(PRINCIPAL, principal)
                    .set(AT_S, now.getEpochSecond())
                    .set(WEI, wei.toString())
                    .set(SETTLED, 0)
                    .execute();
            return new Grant.Reserved();
        });
    }

    private static BigInteger spent(DSLContext sql, Instant since) {
        return sql.select(WEI).from(CHARGE).where(AT_S.gt(since.getEpochSecond())).fetch(WEI).stream()
                .map(BigInteger::new)
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** Notes what a transaction has cost in the end; 0 gives the reservation back. */
    public void settle(String subject, BigInteger wei) {
        database.sql()
                .update(CHARGE)
                .set(WEI, wei.toString())
                .set(SETTLED, 1)
                .where(SUBJECT.eq(subject), SETTLED.eq(0))
                .execute();
    }

    /** How the budget stands now. */
    public Status status() {
        Instant now = clock.instant();
        return new Status(
                rules.weiPerHour(),
                spent(database.reads(), now.minus(HOUR)),
                rules.weiPerDay(),
                spent(database.reads(), now.minus(DAY)),
                rules.perPrincipalPerDay());
    }
}
