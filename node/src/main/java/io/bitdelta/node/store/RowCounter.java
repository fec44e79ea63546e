package io.bitdelta.node.store;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** Gives out row numbers that no other transaction gives out, on every database: 1, 2, 3, ... per counter. */
public final class RowCounter {
    private static final Table<Record> ROW_COUNTER = table(name("row_counter"));
    private static final Field<String> COUNTER = field(name("counter"), String.class);
    private static final Field<Long> LAST = field(name("last"), Long.class);

    private RowCounter() {}

    /**
     * The next number. The counter's row stays locked until the transaction ends, so that numbers are committed in order;
     * a transaction that fails leaves no gap.
     *
     * @param sql of a transaction
     * @param counter usually the name of the numbered table
     */
    public static long next(DSLContext sql, String counter) {
        return next(sql, counter, 1);
    }

    /**
     * The next numbers at once.
     *
     * @param count how many, at least 1
     * @return the first of them
     */
    public static long next(DSLContext sql, String counter, int count) {
        sql.insertInto(ROW_COUNTER)
                .set(COUNTER, counter)
                .set(LAST, 0L)
                .onConflictDoNothing()
                .execute();
        sql.update(ROW_COUNTER)
                .set(LAST, LAST.plus(count))
                .where(COUNTER.eq(counter))
                .execute();
        return sql.select(LAST).from(ROW_COUNTER).where(COUNTER.eq(counter)).fetchSingle(LAST) - count + 1;
    }
}
