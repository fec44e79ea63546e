package io.bitdelta.node.lookup;

import static io.bitdelta.node.lookup.IndexTables.ARGUMENTS;
import static io.bitdelta.node.lookup.IndexTables.CONTRACT;
import static io.bitdelta.node.lookup.IndexTables.EVENT;
import static io.bitdelta.node.lookup.IndexTables.SUBJECT;
import static io.bitdelta.node.store.Schema.BLOCK_NUMBER;
import static io.bitdelta.node.store.Schema.LOG_INDEX;
import static io.bitdelta.node.store.Schema.TIME_S;
import static io.bitdelta.node.store.Schema.TX_HASH;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.BatchBindStep;
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

    private final EventCatalogue catalogue;
    private final Map<String, String> deployedNames;
    private final Map<Statement, List<Object[]>> rows = new LinkedHashMap<>();
    private int count;

    /** Two events of one table may fill different columns. */
    private record Statement(String table, List<Field<?>> fields) {}

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
        boolean whole = row.columns().isEmpty();
        List<Field<?>> fields = new ArrayList<>(whole ? List.of(CONTRACT, EVENT, SUBJECT, ARGUMENTS) : row.fields());
        List<Object> values = whole ? whole(row, contract, entry) : columns(row, entry);
        Collections.addAll(fields, BLOCK_NUMBER, LOG_INDEX, TX_HASH, TIME_S);
        Collections.addAll(
                values,
                entry.getBlockNumber().longValueExact(),
                entry.getLogIndex().intValueExact(),
                entry.getTransactionHash(),
                timeSeconds);
        rows.computeIfAbsent(new Statement(row.table(), fields), absent -> new ArrayList<>())
                .add(values.toArray());
        count++;
    }

    private static List<Object> columns(EventRow row, Log entry) {
        Map<String, Object> values = row.values(entry);
        List<Object> ordered = new ArrayList<>();
        row.fields().forEach(field -> ordered.add(values.get(field.getName())));
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
        rows.forEach((statement, all) -> {
            for (int from = 0; from < all.size(); from += CHUNK) {
                BatchBindStep batch = sql.batch(sql.insertInto(DSL.table(DSL.name(statement.table())))
                        .columns(statement.fields())
                        .values(Collections.nCopies(statement.fields().size(), (Object) null)));
                batch.bind(all.subList(from, Math.min(all.size(), from + CHUNK)).toArray(Object[][]::new))
                        .execute();
            }
        });
    }

    /** The deployed contract that emitted a log, if it is followed. */
    Optional<String> emitter(Log entry) {
        return Optional.ofNullable(deployedNames.get(entry.getAddress().toLowerCase(java.util.Locale.ROOT)));
    }
}
