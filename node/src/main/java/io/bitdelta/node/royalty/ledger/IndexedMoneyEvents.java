package io.bitdelta.node.royalty.ledger;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.store.Database;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;

/**
 * The events as the index keeps them: what was indexed, without asking the chain. Each answer is one statement over all
 * tables, so that they tell of the same block.
 */
public final class IndexedMoneyEvents implements MoneyEvents {
    private static final Field<String> EVENT = text("event");
    private static final Field<String> SOUP_ID = text("soup_id");
    private static final Field<String> TOKEN = text("token");
    private static final Field<Long> LEAF = field(name("leaf"), Long.class);
    /** Who paid, whose share it is, or which soup it went to. */
    private static final Field<String> PARTY = text("party");

    private static final Field<String> RECIPIENT = text("recipient");
    private static final Field<String> AMOUNT = text("amount");
    private static final Field<String> CUMULATIVE = text("cumulative");
    private static final Field<Long> BLOCK = field(name("block_number"), Long.class);
    private static final Field<Integer> LOG_INDEX = field(name("log_index"), Integer.class);
    private static final Field<String> TX = text("tx_hash");
    private static final Field<Long> TIME = field(name("time_s"), Long.class);

    private static final String PAID = "paid";
    private static final String SETTLED = "settled";
    private static final String CLAIMED = "claimed";
    private static final String PULLED = "pulled";
    private static final String DEPOSITED = "deposited";
    private static final String WITHDRAWN = "withdrawn";

    private final Database database;

    /** @param database that the indexer writes */
    public IndexedMoneyEvents(Database database) {
        this.database = database;
    }

    @Override
    public List<MoneyEvent> ofSoups(Set<Bytes32> soups) {
        List<String> ids = soups.stream().map(Bytes32::hex).toList();
        return events(paid(SOUP_ID.in(ids))
                .unionAll(settled(SOUP_ID.in(ids)))
                .unionAll(claimed(SOUP_ID.in(ids)))
                .unionAll(pulled(text("child").in(ids).or(text("parent").in(ids)))));
    }

    @Override
    public List<MoneyEvent> ofPayer(EvmAddress payer) {
        Condition his = text("payer").eq(payer.hex());
        return events(settled(his).unionAll(escrow(his)));
    }

    private List<MoneyEvent> events(Select<Record> rows) {
        return database.reads().fetch(rows).stream()
                .map(IndexedMoneyEvents::event)
                .sorted(Comparator.comparing(MoneyEvent::at))
                .toList();
    }

    private static Select<Record> paid(Condition which) {
        return row(
                inline(PAID),
                SOUP_ID,
                inline(0L),
                text("payer"),
                inline(""),
                text("received"),
                inline("0"),
                "payment",
                which);
    }

    private static Select<Record> settled(Condition which) {
        return row(
                inline(SETTLED),
                SOUP_ID,
                inline(0L),
                text("payer"),
                inline(""),
                AMOUNT,
                CUMULATIVE,
                "voucher_settlement",
                which);
    }

    private static Select<Record> claimed(Condition which) {
        return row(
                inline(CLAIMED),
                SOUP_ID,
                field(name("payee_index"), Long.class),
                text("identity"),
                RECIPIENT,
                AMOUNT,
                inline("0"),
                "claim",
                which);
    }

    private static Select<Record> pulled(Condition which) {
        return row(
                inline(PULLED),
                text("child"),
                field(name("payee_index"), Long.class),
                text("parent"),
                inline(""),
                AMOUNT,
                inline("0"),
                "pull",
                which);
    }

    private static Select<Record> escrow(Condition which) {
        Field<String> kind = text("kind");
        return row(
                kind,
                inline(""),
                inline(0L),
                text("payer"),
                inline(""),
                AMOUNT,
                inline("0"),
                "escrow_event",
                which.and(kind.in(DEPOSITED, WITHDRAWN)));
    }

    private static Select<Record> row(
            Field<String> event,
            Field<String> soup,
            Field<Long> leaf,
            Field<String> party,
            Field<String> recipient,
            Field<String> amount,
            Field<String> cumulative,
            String from,
            Condition which) {
        return select(List.<Field<?>>of(
                        event.as(EVENT),
                        soup.as(SOUP_ID),
                        TOKEN,
                        leaf.as(LEAF),
                        party.as(PARTY),
                        recipient.as(RECIPIENT),
                        amount.as(AMOUNT),
                        cumulative.as(CUMULATIVE),
                        BLOCK,
                        LOG_INDEX,
                        TX,
                        TIME))
                .from(table(name(from)))
                .where(which);
    }

    private static MoneyEvent event(Record row) {
        Moment at = new Moment(row.get(BLOCK), row.get(LOG_INDEX), row.get(TX), Instant.ofEpochSecond(row.get(TIME)));
        EvmAddress token = EvmAddress.of(row.get(TOKEN));
        BigInteger amount = new BigInteger(row.get(AMOUNT));
        return switch (row.get(EVENT)) {
            case PAID -> new MoneyEvent.Paid(at, soup(row, SOUP_ID), token, account(row, PARTY), amount);
            case SETTLED ->
                new MoneyEvent.Settled(
                        at,
                        soup(row, SOUP_ID),
                        token,
                        account(row, PARTY),
                        new BigInteger(row.get(CUMULATIVE)),
                        amount);
            case CLAIMED ->
                new MoneyEvent.Claimed(
                        at,
                        soup(row, SOUP_ID),
                        token,
                        row.get(LEAF),
                        account(row, PARTY),
                        account(row, RECIPIENT),
                        amount);
            case PULLED ->
                new MoneyEvent.Pulled(at, soup(row, SOUP_ID), token, row.get(LEAF), soup(row, PARTY), amount);
            case DEPOSITED -> new MoneyEvent.Deposited(at, token, account(row, PARTY), amount);
            case WITHDRAWN -> new MoneyEvent.Withdrawn(at, token, account(row, PARTY), amount);
            default -> throw new IllegalStateException("no event of the index is called " + row.get(EVENT));
        };
    }

    private static Bytes32 soup(Record row, Field<String> column) {
        return Bytes32.of(row.get(column));
    }

    private static EvmAddress account(Record row, Field<String> column) {
        return EvmAddress.of(row.get(column));
    }

    private static Field<String> text(String column) {
        return field(name(column), String.class);
    }
}
