package io.bitdelta.node.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open, migrated database, SQLite or PostgreSQL behind the same SQL. Thread-safe.
 *
 * <p>On SQLite one connection writes and a few read, which sees what is committed. On PostgreSQL transactions run at READ
 * COMMITTED, so what a transaction decides on it must lock first: by an update of that row, or of a row of
 * {@link RowCounter}. Transactions that lose a race for a lock run again.
 */
public final class Database implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Database.class);

    private static final int SQLITE_READERS = 4;
    private static final int ATTEMPTS = 12;
    private static final Duration PAUSE = Duration.ofMillis(4);
    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** SQLSTATE of a serialization failure and of a deadlock. */
    private static final String SERIALIZATION = "40001";

    private static final String DEADLOCK = "40P01";

    /** SQLite's primary result codes of a file or table that another connection holds. */
    private static final int BUSY = 5;

    private static final int LOCKED = 6;

    private final HikariDataSource writers;
    private final HikariDataSource readers;
    private final DSLContext sql;
    private final DSLContext reads;

    private Database(HikariDataSource writers, HikariDataSource readers, SQLDialect dialect) {
        this.writers = writers;
        this.readers = readers;
        this.sql = context(writers, dialect);
        this.reads = writers == readers ? sql : context(readers, dialect);
    }

    private static DSLContext context(HikariDataSource pool, SQLDialect dialect) {
        return DSL.using(pool, dialect, new Settings().withRenderQuotedNames(RenderQuotedNames.NEVER));
    }

    /**
     * Opens a database and brings its schema up to date.
     *
     * @throws DatabaseException when it cannot be reached, or its schema is newer than this program's
     */
    public static Database open(DatabaseSettings settings) {
        return switch (settings) {
            case DatabaseSettings.Sqlite sqlite -> sqlite(sqlite.file());
            case DatabaseSettings.Postgresql server -> postgresql(server);
        };
    }

    /**
     * Opens a database that another process may be using, as it is.
     *
     * @throws DatabaseException when it cannot be reached, or its schema is not this program's
     */
    public static Database attach(DatabaseSettings settings) {
        HikariDataSource pool =
                switch (settings) {
                    case DatabaseSettings.Sqlite sqlite ->
                        connect(
                                sqliteConfig(sqlite.file(), 1, "sqlite"),
                                sqlite.file().toString());
                    case DatabaseSettings.Postgresql server -> connect(postgresqlConfig(server), server.url());
                };
        try {
            Flyway flyway = flyway(pool);
            refuseNewer(flyway, pool.getJdbcUrl());
            if (flyway.info().pending().length > 0) {
                throw new DatabaseException(
                        "the schema of %s is older than this program's: start the node once to bring it up to date"
                                .formatted(pool.getJdbcUrl()));
            }
            boolean file = settings instanceof DatabaseSettings.Sqlite;
            return new Database(pool, pool, file ? SQLDialect.SQLITE : SQLDialect.POSTGRES);
        } catch (RuntimeException failed) {
            pool.close();
            throw failed;
        }
    }

    /**
     * Opens (and creates or migrates) an SQLite file. Commits are durable: write-ahead log, synchronous FULL.
     *
     * @param file the database file; its folder exists
     */
    public static Database sqlite(Path file) {
        HikariDataSource writers = connect(sqliteConfig(file, 1, "sqlite"), file.toString());
        try {
            migrate(writers, file.toString());
            HikariConfig reading = sqliteConfig(file, SQLITE_READERS, "sqlite-read");
            reading.setConnectionInitSql("pragma query_only = true");
            return new Database(writers, connect(reading, file.toString()), SQLDialect.SQLITE);
        } catch (RuntimeException failed) {
            writers.close();
            throw failed;
        }
    }

    private static HikariConfig sqliteConfig(Path file, int connections, String name) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:sqlite:" + file);
        config.setMaximumPoolSize(connections);
        config.setPoolName(name);
        config.addDataSourceProperty("journal_mode", "WAL");
        config.addDataSourceProperty("synchronous", "FULL");
        config.addDataSourceProperty("foreign_keys", "true");
        config.addDataSourceProperty("busy_timeout", "10000");
        // The index's hashes fall all over their trees: 32 MiB of pages keep a back-fill from reading them again and
        // again.
        config.addDataSourceProperty("cache_size", "-32768");
        config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        return config;
    }

    private static Database postgresql(DatabaseSettings.Postgresql server) {
        HikariDataSource pool = connect(postgresqlConfig(server), server.url());
        try {
            migrate(pool, server.url());
            return new Database(pool, pool, SQLDialect.POSTGRES);
        } catch (RuntimeException failed) {
            pool.close();
            throw failed;
        }
    }

    private static HikariConfig postgresqlConfig(DatabaseSettings.Postgresql server) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.url());
        config.setUsername(server.user());
        if (server.password() != null) {
            try {
                config.setPassword(server.password().read());
            } catch (IOException unreadable) {
                throw new DatabaseException("database.password: " + unreadable.getMessage(), unreadable);
            }
        }
        config.setMaximumPoolSize(server.pool());
        config.setPoolName("postgresql");
        config.setConnectionTimeout(CONNECT.toMillis());
        config.addDataSourceProperty("ApplicationName", "bitdelta");
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        return config;
    }

    private static HikariDataSource connect(HikariConfig config, String where) {
        try {
            return new HikariDataSource(config);
        } catch (RuntimeException failed) {
            throw new DatabaseException(
                    "the database %s cannot be opened: %s".formatted(where, rootMessage(failed)), failed);
        }
    }

    private static Flyway flyway(HikariDataSource pool) {
        return Flyway.configure()
                .dataSource(pool)
                .locations("classpath:io/bitdelta/node/store")
                .load();
    }

    private static void migrate(HikariDataSource pool, String where) {
        Flyway flyway = flyway(pool);
        try {
            refuseNewer(flyway, where);
            flyway.migrate();
        } catch (FlywayException failed) {
            throw new DatabaseException(
                    "the schema of %s cannot be brought up to date: %s".formatted(where, rootMessage(failed)), failed);
        }
    }

    /** A node that does not know a table cannot keep its invariants. */
    private static void refuseNewer(Flyway flyway, String where) {
        String newer = Arrays.stream(flyway.info().all())
                .filter(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS)
                .map(MigrationInfo::getVersion)
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        if (!newer.isEmpty()) {
            throw new DatabaseException(
                    "%s has schema version %s, which this program does not know: run the newer bitdelta that made it"
                            .formatted(where, newer));
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String text = String.valueOf(root.getMessage());
        return text.lines().findFirst().orElse(text);
    }

    /** For statements outside a transaction that write, or that must see what this thread has just written. */
    public DSLContext sql() {
        return sql;
    }

    /** For lookups: never waits for a writer, sees what is committed, cannot write on SQLite. */
    public DSLContext reads() {
        return reads;
    }

    /** Makes something of a row. */
    @FunctionalInterface
    public interface RowReader<T> {
        /** Reads the row that the result stands on. */
        T read(ResultSet row) throws SQLException;
    }

    /**
     * A lookup that is asked so often that writing its SQL anew each time would cost more than running it. Sees what is
     * committed.
     *
     * @param query with a question mark for each value
     * @throws DataAccessException as {@link #reads} does
     */
    public <T> List<T> look(String query, RowReader<T> reader, Object... values) {
        return reads.connectionResult(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(query)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                List<T> found = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.add(reader.read(rows));
                    }
                }
                return found;
            }
        });
    }

    /** Connections that write, for a library that brings its own SQL; never taken inside {@link #transaction}. */
    public DataSource dataSource() {
        return writers;
    }

    /** The version of the schema, as of the newest migration. */
    public String schemaVersion() {
        MigrationInfo current = flyway(writers).info().current();
        return current == null ? "0" : String.valueOf(current.getVersion());
    }

    /**
     * Copies an SQLite database, in one state, while others use it.
     *
     * @param file must not exist
     */
    public void copyInto(Path file) {
        sql.execute("vacuum into ?", file.toString());
    }

    /** Moves everything that was committed into the SQLite file itself, out of its write-ahead log. */
    public void checkpoint() {
        sql.fetch("pragma wal_checkpoint(truncate)");
    }

    /** SQLite's own check of the whole file: {@code ok}, or what is wrong. */
    public String integrity() {
        return sql.fetchSingle("pragma integrity_check").get(0, String.class);
    }

    /** Reads PostgreSQL in one state, whatever others commit meanwhile. */
    public <T> T snapshot(Function<DSLContext, T> work) {
        return sql.transactionResult(configuration -> {
            configuration.dsl().execute("set transaction isolation level repeatable read, read only");
            return work.apply(configuration.dsl());
        });
    }

    /** Which database is behind it. */
    public SQLDialect dialect() {
        return sql.dialect();
    }

    /**
     * Runs {@code work} in one transaction: all of it is durable on return, or none of it on an exception.
     *
     * @param work touches nothing but the database through the context it is given; it runs again when the transaction lost
     *     a race for a lock
     */
    public <T> T transaction(Function<DSLContext, T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return sql.transactionResult(configuration -> work.apply(configuration.dsl()));
            } catch (DataAccessException failed) {
                if (attempt == ATTEMPTS || !lostARace(failed)) {
                    throw failed;
                }
                log.debug("transaction lost a race, attempt {}: {}", attempt, failed.getMessage());
                LockSupport.parkNanos(PAUSE.toNanos() * attempt);
            }
        }
    }

    private static boolean lostARace(DataAccessException failed) {
        SQLException cause = failed.getCause(SQLException.class);
        if (cause == null) {
            return false;
        }
        if (cause instanceof org.sqlite.SQLiteException) {
            int primary = cause.getErrorCode() & 0xff;
            return primary == BUSY || primary == LOCKED;
        }
        return SERIALIZATION.equals(cause.getSQLState()) || DEADLOCK.equals(cause.getSQLState());
    }

    @Override
    public void close() {
        if (readers != writers) {
            readers.close();
        }
        writers.close();
    }
}
