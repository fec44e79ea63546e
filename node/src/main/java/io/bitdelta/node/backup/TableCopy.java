package io.bitdelta.node.backup;

import io.bitdelta.node.store.Database;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Copies the rows of all tables that cannot be rebuilt from one database to another, of whatever kinds. */
final class TableCopy {
    private static final int CHUNK = 500;

    /** Flyway's own, and the scheduler's, whose rows the jobs' own table makes anew. */
    private static final Set<String> OF_LIBRARIES = Set.of("flyway_schema_history", "scheduled_tasks");

    private static final String COUNTERS = "row_counter";

    private final Set<String> derived;

    /** @param derived tables that are rebuilt from the chain */
    TableCopy(Set<String> derived) {
        this.derived = Set.copyOf(derived);
    }

    /** The tables that are copied, referenced ones first. */
    List<String> tables(Database database) {
        TreeMap<String, Table<?>> found = new TreeMap<>();
        for (Table<?> table : database.sql().meta().getTables()) {
            String name = table.getName().toLowerCase(Locale.ROOT);
            boolean own = table.getSchema() == null
                    || table.getSchema().getName().isEmpty()
                    || table.getSchema().getName().equals("public")
                    || table.getSchema().getName().equals("main");
            if (own && !derived.contains(name) && !OF_LIBRARIES.contains(name) && !name.startsWith("sqlite_")) {
                found.put(name, table);
            }
        }
        Set<String> ordered = new LinkedHashSet<>();
        found.keySet().forEach(name -> visit(name, found, ordered));
        return List.copyOf(ordered);
    }

    private static void visit(String name, Map<String, Table<?>> found, Set<String> ordered) {
        Table<?> table = found.get(name);
        if (table == null || ordered.contains(name)) {
            return;
        }
        table.getReferences()
                .forEach(reference ->
                        visit(reference.getKey().getTable().getName().toLowerCase(Locale.ROOT), found, ordered));
        ordered.add(name);
    }

    /** Rows of the copied tables, but for the counters that migrations make. */
    long rows(Database database) {
        return tables(database).stream()
                .filter(name -> !name.equals(COUNTERS))
                .mapToLong(name -> database.sql().fetchCount(DSL.table(DSL.name(name))))
                .sum();
    }

    /**
     * Copies everything.
     *
     * @param source reads one state of {@code from} throughout
     * @return how many rows were copied, counted as {@link #rows} counts
     */
    long copy(Database from, DSLContext source, Database to) {
        List<String> tables = tables(from);
        return to.transaction(target -> {
            long copied = 0;
            for (String name : tables.reversed()) {
                target.deleteFrom(DSL.table(DSL.name(name))).execute();
            }
            for (String name : tables) {
                copied += copy(name, source, target);
            }
            return copied;
        });
    }

    private static long copy(String name, DSLContext source, DSLContext target) {
        Table<Record> table = DSL.table(DSL.name(name));
        long copied = 0;
        try (Cursor<Record> rows = source.select(DSL.asterisk()).from(table).fetchLazy()) {
            List<Query> inserts = new ArrayList<>();
            for (Record row : rows) {
                List<Field<?>> columns = java.util.Arrays.stream(row.fields())
                        .map(field -> DSL.field(DSL.name(field.getName()), plain(field)))
                        .collect(Collectors.toList());
                inserts.add(target.insertInto(table).columns(columns).values(row.intoArray()));
                copied += name.equals(COUNTERS) ? 0 : 1;
                if (inserts.size() == CHUNK) {
                    target.batch(inserts).execute();
                    inserts.clear();
                }
            }
            if (!inserts.isEmpty()) {
                target.batch(inserts).execute();
            }
        }
        return copied;
    }

    /** Our schema knows texts and whole numbers; SQLite's driver guesses a column's type from its declaration. */
    private static Class<?> plain(Field<?> field) {
        return Number.class.isAssignableFrom(field.getType()) ? Long.class : field.getType();
    }
}
