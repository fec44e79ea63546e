package io.bitdelta.node.lookup;

import static io.bitdelta.node.store.Schema.CHAIN_BLOCK;
import static io.bitdelta.node.store.Schema.CHAIN_CURSOR;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.util.Set;
import java.util.TreeSet;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** Names of the index's tables and columns beyond those of {@link io.bitdelta.node.store.Schema}. */
public final class IndexTables {
    /** A soup draws what another soup owes it. */
    public static final Table<Record> PULL = table(name("pull"));

    /** Prepaid money of a payer. */
    public static final Table<Record> ESCROW_EVENT = table(name("escrow_event"));

    /** Vouchers that were drawn. */
    public static final Table<Record> VOUCHER_SETTLEMENT = table(name("voucher_settlement"));

    /** Vouchers that were passed over, with the reason. */
    public static final Table<Record> VOUCHER_SKIP = table(name("voucher_skip"));

    /** Forks of the training ledger. */
    public static final Table<Record> LEDGER_FORK = table(name("ledger_fork"));

    /** Anchored epochs of training. */
    public static final Table<Record> LEDGER_EPOCH = table(name("ledger_epoch"));

    /** Exported models. */
    public static final Table<Record> LEDGER_EXPORT = table(name("ledger_export"));

    /** Slashed soups. */
    public static final Table<Record> SLASH = table(name("slash"));

    static final Field<String> FOLLOWS = field(name("follows"), String.class);
    static final Field<Long> HEIGHT = field(name("height"), Long.class);
    static final Field<String> CONTRACT = field(name("contract"), String.class);
    static final Field<String> EVENT = field(name("event"), String.class);
    static final Field<String> SUBJECT = field(name("subject"), String.class);
    static final Field<String> ARGUMENTS = field(name("arguments"), String.class);
    static final Field<String> FORK_ID = field(name("fork_id"), String.class);
    static final Field<Long> EPOCH = field(name("epoch"), Long.class);
    static final Field<String> ROOT = field(name("root"), String.class);
    static final Field<String> FIRST_OP_ID = field(name("first_op_id"), String.class);
    static final Field<String> LAST_OP_ID = field(name("last_op_id"), String.class);
    static final Field<String> FORK_NONCE = field(name("nonce"), String.class);
    static final Field<String> PREVIOUS_CHANGE = field(name("previous_change"), String.class);
    static final Field<String> CHILD = field(name("child"), String.class);

    private IndexTables() {}

    /** Names of all tables that can be read again from the chain. */
    public static Set<String> derived() {
        Set<String> names = new TreeSet<>(EventCatalogue.standard().tables());
        names.add(CHAIN_BLOCK.getName());
        names.add(CHAIN_CURSOR.getName());
        return Set.copyOf(names);
    }
}
