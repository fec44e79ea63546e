package io.bitdelta.node.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/** The databases that every suite runs on: a file, and a real PostgreSQL that is started once per test process. */
public enum DatabaseKind {
    SQLITE {
        @Override
        public DatabaseSettings settings(Path file) {
            return new DatabaseSettings.Sqlite(file);
        }
    },
    POSTGRESQL {
        @Override
        public DatabaseSettings settings(Path file) {
            return Server.database(file);
        }
    };

    /** Settings of the database that {@code file} names; the same path is the same database. */
    public abstract DatabaseSettings settings(Path file);

    /** Opens the database that {@code file} names; the same path is the same database. */
    public Database open(Path file) {
        return Database.open(settings(file));
    }

    private static final class Server {
        private static final EmbeddedPostgres POSTGRES = start();
        private static final Set<String> CREATED = new TreeSet<>();

        private Server() {}

        /** Not durable: tests kill nodes, never the server's machine. */
        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("full_page_writes", "off")
                        .setServerConfig("max_connections", "200")
                        .start();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        static synchronized DatabaseSettings database(Path file) {
            CRC32C sum = new CRC32C();
            sum.update(file.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8));
            String name = "t" + HexFormat.of().toHexDigits((int) sum.getValue());
            if (CREATED.add(name)) {
                try (Connection connection = POSTGRES.getPostgresDatabase().getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("create database " + name);
                } catch (SQLException failed) {
                    throw new IllegalStateException(failed);
                }
            }
            return new DatabaseSettings.Postgresql(
                    "jdbc:postgresql://127.0.0.1:%d/%s".formatted(POSTGRES.getPort(), name), "postgres", null, 6);
        }
    }
}
