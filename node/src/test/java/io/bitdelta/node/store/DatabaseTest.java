package io.bitdelta.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.ipfs.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DatabaseTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(DatabaseKind.class)
    void keepsWhatWasCommittedAndNothingOfWhatFailed(DatabaseKind kind) {
        try (Database database = kind.open(folder.resolve("kept.sqlite"))) {
            assertThat(database.<Long>transaction(sql -> RowCounter.next(sql, "kept")))
                    .isEqualTo(1);
            assertThatThrownBy(() -> database.transaction(sql -> {
                        RowCounter.next(sql, "kept");
                        throw new IllegalStateException("half-way");
                    }))
                    .hasMessageContaining("half-way");
        }
        try (Database database = kind.open(folder.resolve("kept.sqlite"))) {
            assertThat(database.<Long>transaction(sql -> RowCounter.next(sql, "kept")))
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(DatabaseKind.class)
    void numbersAreGivenOnceToConcurrentWritersOfTwoNodes(DatabaseKind kind) throws Exception {
        Path file = folder.resolve("shared.sqlite");
        try (Database one = kind.open(file);
                Database other = kind.open(file);
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Long>> writers = IntStream.range(0, 80)
                    .mapToObj(i -> (Callable<Long>)
                            () -> (i % 2 == 0 ? one : other).<Long>transaction(sql -> RowCounter.next(sql, "shared")))
                    .toList();
            List<Long> given = threads.invokeAll(writers).stream()
                    .map(Future::resultNow)
                    .sorted()
                    .toList();
            assertThat(given).isEqualTo(LongStream.rangeClosed(1, 80).boxed().toList());
        }
    }

    @ParameterizedTest
    @EnumSource(DatabaseKind.class)
    void lookupsDoNotWaitForAWriter(DatabaseKind kind) {
        try (Database database = kind.open(folder.resolve("reads.sqlite"))) {
            database.transaction(sql -> {
                RowCounter.next(sql, "reads");
                return assertThat(database.reads().fetchCount(Schema.OUTBOX)).isZero();
            });
        }
    }

    @Test
    void lookupsCannotWriteToAFile() {
        try (Database database = DatabaseKind.SQLITE.open(folder.resolve("read-only.sqlite"))) {
            assertThatThrownBy(() -> database.reads().deleteFrom(Schema.OUTBOX).execute())
                    .isInstanceOf(DataAccessException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(DatabaseKind.class)
    void refusesASchemaThatANewerVersionMade(DatabaseKind kind) {
        Path file = folder.resolve("newer.sqlite");
        try (Database database = kind.open(file)) {
            database.sql().execute("""
                            insert into flyway_schema_history
                              (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
                            values (9999, '9999', 'later', 'SQL', 'V9999__later.sql', 1, 'test', 1, %s)""".formatted(database.dialect() == SQLDialect.SQLITE ? "1" : "true"));
        }
        assertThatThrownBy(() -> kind.open(file))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("9999")
                .hasMessageContaining("newer");
    }

    @Test
    void saysWhichServerCannotBeReached() {
        DatabaseSettings nobody =
                new DatabaseSettings.Postgresql("jdbc:postgresql://127.0.0.1:1/none", "somebody", null, 2);
        assertThatThrownBy(() -> Database.open(nobody))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    @Test
    void saysWhichPasswordIsMissing() {
        DatabaseSettings settings = new DatabaseSettings.Postgresql(
                "jdbc:postgresql://127.0.0.1:1/none",
                "somebody",
                new Secret(Secret.Source.ENV, "BITDELTA_TEST_NO_SUCH_VARIABLE"),
                2);
        assertThatThrownBy(() -> Database.open(settings))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("BITDELTA_TEST_NO_SUCH_VARIABLE");
    }

    @Test
    void neverTakesAPasswordInTheAddress() {
        assertThatThrownBy(() ->
                        new DatabaseSettings.Postgresql("jdbc:postgresql://host/db?password=hunter2", "u", null, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> new DatabaseSettings.Postgresql("postgres://u:hunter2@host/db", "u", null, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void bothKindsHaveTheSameTablesAndColumns() {
        assertThat(columns(DatabaseKind.POSTGRESQL))
                .isEqualTo(columns(DatabaseKind.SQLITE))
                .containsKey("outbox");
    }

    private Map<String, List<String>> columns(DatabaseKind kind) {
        Map<String, List<String>> columns = new TreeMap<>();
        try (Database database = kind.open(folder.resolve("columns.sqlite"))) {
            for (Table<?> table : database.sql().meta().getTables()) {
                String schema =
                        table.getSchema() == null ? "" : table.getSchema().getName();
                boolean own = schema.isEmpty() || schema.equals("public");
                if (own
                        && !table.getName().startsWith("flyway")
                        && !table.getName().startsWith("sqlite")) {
                    columns.put(
                            table.getName(),
                            table.fieldStream().map(field -> field.getName()).toList());
                }
            }
        }
        return columns;
    }
}
