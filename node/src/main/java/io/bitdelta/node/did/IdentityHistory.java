package io.bitdelta.node.did;

import static io.bitdelta.node.store.Schema.BLOCK_NUMBER;
import static io.bitdelta.node.store.Schema.CHAIN_BLOCK;
import static io.bitdelta.node.store.Schema.IDENTITY;
import static io.bitdelta.node.store.Schema.IDENTITY_EVENT;
import static io.bitdelta.node.store.Schema.KIND;
import static io.bitdelta.node.store.Schema.LOG_INDEX;
import static io.bitdelta.node.store.Schema.NAME;
import static io.bitdelta.node.store.Schema.TIME_S;
import static io.bitdelta.node.store.Schema.VALID_TO_S;
import static io.bitdelta.node.store.Schema.VALUE;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.store.Database;
import java.util.List;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** What the index knows of identities. */
final class IdentityHistory {
    private final Database database;

    IdentityHistory(Database database) {
        this.database = database;
    }

    /** Everything that ever changed, oldest first. */
    List<IdentityEvent> of(EvmAddress identity) {
        return database.reads()
                .select(KIND, NAME, VALUE, VALID_TO_S, BLOCK_NUMBER, TIME_S)
                .from(IDENTITY_EVENT)
                .where(IDENTITY.eq(identity.hex()))
                .orderBy(BLOCK_NUMBER, LOG_INDEX)
                .fetch(IdentityHistory::event);
    }

    /** Time of the newest indexed block, 0 before the first. */
    long chainTime() {
        return database.reads()
                .select(DSL.coalesce(DSL.max(TIME_S), 0L))
                .from(CHAIN_BLOCK)
                .fetchSingle()
                .value1();
    }

    private static IdentityEvent event(Record row) {
        long block = row.get(BLOCK_NUMBER);
        long time = row.get(TIME_S);
        return switch (row.get(KIND)) {
            case "owner" -> new IdentityEvent.OwnerChanged(block, time, row.get(VALUE));
            case "delegate" ->
                new IdentityEvent.DelegateChanged(
                        block, time, Bytes32.of(row.get(NAME)), row.get(VALUE), row.get(VALID_TO_S));
            case "attribute" ->
                new IdentityEvent.AttributeChanged(
                        block, time, Bytes32.of(row.get(NAME)), row.get(VALUE), row.get(VALID_TO_S));
            default -> throw new IllegalStateException("an identity event of kind " + row.get(KIND));
        };
    }
}
