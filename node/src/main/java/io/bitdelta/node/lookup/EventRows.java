package io.bitdelta.node.lookup;

import static io.bitdelta.node.lookup.IndexTables.ARGUMENTS;
import static io.bitdelta.node.lookup.IndexTables.CONTRACT;
import static io.bitdelta.node.lookup.IndexTables.EVENT;
import static io.bitdelta.node.lookup.IndexTables.SUBJECT;
import static io.bitdelta.node.store.Schema.BLOCK_NUMBER;
import static io.bitdelta.node.store.Schema.LOG_INDEX;
import static io.bitdelta.node.store.Schema.TIME_S;
import static io.bitdelta.node.store.Schema.TX_HASH;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.protocol.core.methods.response.Log;
import tools.jackson.databind.json.JsonMapper;

/** Rows of one batch, gathered by the statement that inserts them. */
final class EventRows {
    private static final Logger log = LoggerFactory.getLogger(EventRows.class);

    /** Bound rows per round trip. */
    private static final int CHUNK = 1_000;

    /** Columns that say where in the chain a row comes from: the last ones of every statement. */
    private static final int PLACE = 4;

    private final EventCatalogue catalogue;
    private final Map<String, String> deployedNames;
    private final IdentityHashMap<EventRow, Rows> rows = new IdentityHashMap<>();
    private int count;

    /** Two events of one table may fill different columns, so each event has a statement of its own. */
    private record Rows(String table, List<Field<?>> fields, List<Object[]> values) {
        static Rows of(EventRow row) {
            List<Field<?>> fields =
                    new ArrayList<>(row.whole() ? List.of(CONTRACT, EVENT, SUBJECT, ARGUMENTS) : row.fields());
            Collections.addAll(fields, BLOCK_NUMBER, LOG_INDEX, TX_HASH, TIME_S);
            return new Rows(row.table(), List.copyOf(fields), new ArrayList<>());
        }

        String insert(DSLContext sql) {
            return sql.insertInto(DSL.table(DSL.name(table)))
                    .columns(fields)
                    .values(Collections.nCopies(fields.size(), (Object) null))
                    .getSQL();
        }
    }

    /** @param deployedNames deployed contracts' names by lowercase address */
    EventRows(EventCatalogue catalogue, Map<String, String> deployedNames) {
        this.catalogue = catalogue;
        this.deployedNames = deployedNames;
    }

    int count() {
        return count;
    }

    /**
     * Adds a log's row.
     *
     * @param timeSeconds of its block
     */
    void add(Log entry, String contract, long timeSeconds) {
        Optional<EventRow> known = entry.getTopics().isEmpty()
                ? Optional.empty()
                : catalogue.find(contract, entry.getTopics().getFirst());
        if (known.isEmpty()) {
            log.warn(
                    "{} emitted an event in {} that this version does not know: {}",
                    contract,
                    entry.getTransactionHash(),
                    entry.getTopics());
            return;
        }
        EventRow row = known.get();
        Rows all = rows.computeIfAbsent(row, Rows::of);
        List<Object> values = row.whole() ? whole(row, contract, entry) : columns(all, row.values(entry));
        Collections.addAll(
                values,
                entry.getBlockNumber().longValueExact(),
                entry.getLogIndex().intValueExact(),
                entry.getTransactionHash(),
                timeSeconds);
        all.values().add(values.toArray());
        count++;
    }

    private static List<Object> columns(Rows rows, Map<String, Object> values) {
        List<Object> ordered = new ArrayList<>(rows.fields().size());
        for (Field<?> field : rows.fields().subList(0, rows.fields().size() - PLACE)) {
            ordered.add(values.get(field.getName()));
        }
        return ordered;
    }

    private static List<Object> whole(EventRow row, String contract, Log entry) {
        Map<String, String> arguments = new LinkedHashMap<>();
        row.event().decode(entry).forEach((name, value) -> arguments.put(name, EventRow.text(value)));
        String subject =
                arguments.isEmpty() ? "" : arguments.values().iterator().next();
        List<Object> values = new ArrayList<>();
        Collections.addAll(
                values,
                contract,
                row.event().name(),
                subject,
                JsonMapper.shared().writeValueAsString(arguments));
        return values;
    }

    /** Inserts everything; in the caller's transaction. */
    void insert(DSLContext sql) {
        rows.values().forEach(all -> {
            String statement = all.insert(sql);
            sql.connection(connection -> insert(connection, statement, all.values()));
        });
    }

    /** Straight to the driver: binding through the SQL builder costs several times the insert itself. */
    private static void insert(Connection connection, String statement, List<Object[]> rows) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            int waiting = 0;
            for (Object[] row : rows) {
                for (int i = 0; i < row.length; i++) {
                    prepared.setObject(i + 1, row[i]);
                }
                prepared.addBatch();
                if (++waiting == CHUNK) {
                    prepared.executeBatch();
                    waiting = 0;
                }
            }
            if (waiting > 0) {
                prepared.executeBatch();
            }
        }
    }

    /** The deployed contract that emitted a log, if it is followed. */
    Optional<String> emitter(Log entry) {
        return Optional.ofNullable(deployedNames.get(entry.getAddress().toLowerCase(java.util.Locale.ROOT)));
    }
}
