package io.bitdelta.node.did;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** What the index knows of identities. */
final class IdentityHistory {
    private static final String EVENTS =
            "select kind, name, value, valid_to_s, block_number, time_s from identity_event"
                    + " where identity = ? order by block_number, log_index";
    private static final String NEWEST_TIME = "select time_s from chain_block order by number desc limit 1";

    private final Database database;

    IdentityHistory(Database database) {
        this.database = database;
    }

    /** Everything that ever changed, oldest first. */
    List<IdentityEvent> of(EvmAddress identity) {
        return database.look(EVENTS, IdentityHistory::event, identity.hex());
    }

    /** Time of the newest indexed block, 0 before the first. */
    long chainTime() {
        List<Long> newest = database.look(NEWEST_TIME, row -> row.getLong(1));
        return newest.isEmpty() ? 0 : newest.getFirst();
    }

    private static IdentityEvent event(ResultSet row) throws SQLException {
        long block = row.getLong(5);
        long time = row.getLong(6);
        String kind = row.getString(1);
        return switch (kind) {
            case "owner" -> new IdentityEvent.OwnerChanged(block, time, row.getString(3));
            case "delegate" ->
                new IdentityEvent.DelegateChanged(
                        block, time, Bytes32.of(row.getString(2)), row.getString(3), row.getLong(4));
            case "attribute" ->
                new IdentityEvent.AttributeChanged(
                        block, time, Bytes32.of(row.getString(2)), row.getString(3), row.getLong(4));
            default -> throw new IllegalStateException("an identity event of kind " + kind);
        };
    }
}
