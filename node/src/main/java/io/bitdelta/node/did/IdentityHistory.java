package io.bitdelta.node.did;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the index knows of identities. */
final class IdentityHistory {
    private static final String EVENTS = "select kind, name, value, valid_to_s, block_number, time_s, newest.now_s"
            + " from (select max(time_s) as now_s from"
            + " (select time_s from chain_block order by number desc limit 1) as head) as newest"
            + " left join identity_event on identity = ? order by block_number, log_index";

    private final Database database;

    IdentityHistory(Database database) {
        this.database = database;
    }

    /**
     * What is known of an identity.
     *
     * @param events everything that ever changed, oldest first
     * @param chainTime time of the newest indexed block, 0 before the first
     */
    record Known(List<IdentityEvent> events, long chainTime) {}

    private record Row(long chainTime, @Nullable IdentityEvent event) {}

    /** One question, as of one state of the index. */
    Known of(EvmAddress identity) {
        List<Row> rows = database.look(EVENTS, IdentityHistory::row, identity.hex());
        List<IdentityEvent> events =
                rows.stream().flatMap(row -> Stream.ofNullable(row.event())).toList();
        return new Known(events, rows.getFirst().chainTime());
    }

    private static Row row(ResultSet row) throws SQLException {
        String kind = row.getString(1);
        return new Row(row.getLong(7), kind == null ? null : event(kind, row));
    }

    private static IdentityEvent event(String kind, ResultSet row) throws SQLException {
        long block = row.getLong(5);
        long time = row.getLong(6);
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
