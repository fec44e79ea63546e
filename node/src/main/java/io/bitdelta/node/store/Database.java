package io.bitdelta.node.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/** An open, migrated database. Thread-safe. */
public final class Database implements AutoCloseable {
    private final HikariDataSource pool;
    private final DSLContext sql;

    private Database(HikariDataSource pool, SQLDialect dialect) {
        this.pool = pool;
        this.sql = DSL.using(pool, dialect, new Settings().withRenderQuotedNames(RenderQuotedNames.NEVER));
    }

    /**
     * Opens (and creates or migrates) an SQLite file. Commits are durable: write-ahead log, synchronous FULL.
     *
     * @param file the database file; its folder exists
     */
    public static Database sqlite(Path file) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:sqlite:" + file);
        config.setMaximumPoolSize(1);
        config.setPoolName("sqlite");
        config.addDataSourceProperty("journal_mode", "WAL");
        config.addDataSourceProperty("synchronous", "FULL");
        config.addDataSourceProperty("foreign_keys", "true");
        config.addDataSourceProperty("busy_timeout", "10000");
        config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        HikariDataSource pool = new HikariDataSource(config);
        try {
            Flyway.configure()
                    .dataSource(pool)
                    .locations("classpath:io/bitdelta/node/store")
                    .load()
                    .migrate();
        } catch (RuntimeException failed) {
            pool.close();
            throw failed;
        }
        return new Database(pool, SQLDialect.SQLITE);
    }

    /** For queries outside a transaction. */
    public DSLContext sql() {
        return sql;
    }

    /** Runs {@code work} in one transaction: all of it is durable on return, or none of it on an exception. */
    public <T> T transaction(Function<DSLContext, T> work) {
        return sql.transactionResult(configuration -> work.apply(configuration.dsl()));
    }

    @Override
    public void close() {
        pool.close();
    }
}
