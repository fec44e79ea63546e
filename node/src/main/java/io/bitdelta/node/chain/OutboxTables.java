package io.bitdelta.node.chain;

import static io.bitdelta.node.store.Schema.*;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import java.util.List;
import org.jooq.Field;

/** Names of the outbox's own columns; the meaning of each stands in the migration. */
final class OutboxTables {
    static final Field<String> SENDER = field(name("sender"), String.class);
    static final Field<Long> NOT_AFTER_S = field(name("not_after_s"), Long.class);
    static final Field<String> PRICE_WEI = field(name("price_wei"), String.class);
    static final Field<Integer> CANCELS = field(name("cancels"), Integer.class);

    /** Typed: a bare asterisk would leave the types to the driver. */
    static final List<Field<?>> ENTRY = List.of(
            ID,
            PURPOSE,
            ROUND,
            SENDER,
            SIGNER_ADDRESS,
            TX_NONCE,
            RECIPIENT,
            CALLDATA,
            VALUE_WEI,
            GAS_LIMIT,
            NOT_AFTER_S,
            STATE,
            MINED_HASH,
            MINED_BLOCK,
            BLOCK_HASH,
            GAS_USED,
            PRICE_WEI,
            FAILURE);

    /** Typed likewise. */
    static final List<Field<?>> TRY =
            List.of(HASH, OUTBOX_ID, ORDINAL, CANCELS, SIGNED_BYTES, MAX_FEE_WEI, PRIORITY_FEE_WEI, SIGNED_AT_MS);

    private OutboxTables() {}
}
