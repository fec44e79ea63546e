package io.bitdelta.node.royalty.ledger;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.store.Database;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;

/** The events as the index keeps them: what was indexed, without asking the chain. */
public final class IndexedMoneyEvents implements MoneyEvents {
    private static final Field<String> SOUP_ID = text("soup_id");
    private static final Field<String> CHILD = text("child");
    private static final Field<String> PARENT = text("parent");
    private static final Field<String> TOKEN = text("token");
    private static final Field<String> PAYER = text("payer");
    private static final Field<String> KIND = text("kind");
    private static final Field<String> IDENTITY = text("identity");
    private static final Field<String> RECIPIENT = text("recipient");
    private static final Field<String> RECEIVED = text("received");
    private static final Field<String> CUMULATIVE = text("cumulative");
    private static final Field<String> AMOUNT = text("amount");
    private static final Field<Long> LEAF = field(name("payee_index"), Long.class);
    private static final Field<Long> BLOCK = field(name("block_number"), Long.class);
    private static final Field<Integer> LOG_INDEX = field(name("log_index"), Integer.class);
    private static final Field<String> TX = text("tx_hash");
    private static final Field<Long> TIME = field(name("time_s"), Long.class);

    private static final String DEPOSITED = "deposited";
    private static final String WITHDRAWN = "withdrawn";

    private final Database database;

    /** @param database that the indexer writes */
    public IndexedMoneyEvents(Database database) {
        this.database = database;
    }

    @Override
    public List<MoneyEvent> ofSoups(Set<Bytes32> soups) {
        Set<String> ids = Set.copyOf(soups.stream().map(Bytes32::hex).toList());
        return together(sql -> {
            List<MoneyEvent> events = new ArrayList<>();
            events.addAll(paid(sql, SOUP_ID.in(ids)));
            events.addAll(settled(sql, SOUP_ID.in(ids)));
            events.addAll(claimed(sql, SOUP_ID.in(ids)));
            events.addAll(pulled(sql, CHILD.in(ids).or(PARENT.in(ids))));
            return events;
        });
    }

    @Override
    public List<MoneyEvent> ofPayer(EvmAddress payer) {
        return together(sql -> {
            List<MoneyEvent> events = new ArrayList<>(settled(sql, PAYER.eq(payer.hex())));
            events.addAll(escrow(sql, PAYER.eq(payer.hex())));
            return events;
        });
    }

    /** One transaction, so that all tables tell of the same block. */
    private List<MoneyEvent> together(Function<DSLContext, List<MoneyEvent>> read) {
        List<MoneyEvent> events = database.transaction(read);
        return events.stream().sorted(Comparator.comparing(MoneyEvent::at)).toList();
    }

    private static List<MoneyEvent> paid(DSLContext sql, Condition which) {
        return sql.select(SOUP_ID, TOKEN, PAYER, RECEIVED, BLOCK, LOG_INDEX, TX, TIME)
                .from(table(name("payment")))
                .where(which)
                .fetch(row -> new MoneyEvent.Paid(
                        at(row), soup(row, SOUP_ID), account(row, TOKEN), account(row, PAYER), amount(row, RECEIVED)));
    }

    private static List<MoneyEvent> settled(DSLContext sql, Condition which) {
        return sql.select(SOUP_ID, TOKEN, PAYER, CUMULATIVE, AMOUNT, BLOCK, LOG_INDEX, TX, TIME)
                .from(table(name("voucher_settlement")))
                .where(which)
                .fetch(row -> new MoneyEvent.Settled(
                        at(row),
                        soup(row, SOUP_ID),
                        account(row, TOKEN),
                        account(row, PAYER),
                        amount(row, CUMULATIVE),
                        amount(row, AMOUNT)));
    }

    private static List<MoneyEvent> claimed(DSLContext sql, Condition which) {
        return sql.select(SOUP_ID, TOKEN, LEAF, IDENTITY, RECIPIENT, AMOUNT, BLOCK, LOG_INDEX, TX, TIME)
                .from(table(name("claim")))
                .where(which)
                .fetch(row -> new MoneyEvent.Claimed(
                        at(row),
                        soup(row, SOUP_ID),
                        account(row, TOKEN),
                        row.get(LEAF),
                        account(row, IDENTITY),
                        account(row, RECIPIENT),
                        amount(row, AMOUNT)));
    }

    private static List<MoneyEvent> pulled(DSLContext sql, Condition which) {
        return sql.select(CHILD, TOKEN, LEAF, PARENT, AMOUNT, BLOCK, LOG_INDEX, TX, TIME)
                .from(table(name("pull")))
                .where(which)
                .fetch(row -> new MoneyEvent.Pulled(
                        at(row),
                        soup(row, CHILD),
                        account(row, TOKEN),
                        row.get(LEAF),
                        soup(row, PARENT),
                        amount(row, AMOUNT)));
    }

    private static List<MoneyEvent> escrow(DSLContext sql, Condition which) {
        return sql.select(KIND, TOKEN, PAYER, AMOUNT, BLOCK, LOG_INDEX, TX, TIME)
                .from(table(name("escrow_event")))
                .where(which)
                .and(KIND.in(DEPOSITED, WITHDRAWN))
                .fetch(row -> row.get(KIND).equals(DEPOSITED)
                        ? new MoneyEvent.Deposited(
                                at(row), account(row, TOKEN), account(row, PAYER), amount(row, AMOUNT))
                        : new MoneyEvent.Withdrawn(
                                at(row), account(row, TOKEN), account(row, PAYER), amount(row, AMOUNT)));
    }

    private static Moment at(Record row) {
        return new Moment(row.get(BLOCK), row.get(LOG_INDEX), row.get(TX), Instant.ofEpochSecond(row.get(TIME)));
    }

    private static Bytes32 soup(Record row, Field<String> column) {
        return Bytes32.of(row.get(column));
    }

    private static EvmAddress account(Record row, Field<String> column) {
        return EvmAddress.of(row.get(column));
    }

    private static BigInteger amount(Record row, Field<String> column) {
        return new BigInteger(row.get(column));
    }

    private static Field<String> text(String column) {
        return field(name(column), String.class);
    }
}
