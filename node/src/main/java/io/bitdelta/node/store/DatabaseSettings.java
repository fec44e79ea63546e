package io.bitdelta.node.store;

import io.bitdelta.ipfs.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a database is opened with. */
public sealed interface DatabaseSettings {
    /**
     * A file of this node's own.
     *
     * @param file created if missing; its folder exists
     */
    record Sqlite(Path file) implements DatabaseSettings {}

    /**
     * A PostgreSQL server, which several nodes may share.
     *
     * @param url {@code jdbc:postgresql://host[:port]/database}, without user and password
     * @param user who connects
     * @param password where the password is; null when the server asks for none
     * @param pool most connections, at least 2
     */
    record Postgresql(String url, String user, @Nullable Secret password, int pool) implements DatabaseSettings {
        /** Checks the address and the size of the pool. */
        public Postgresql {
            if (!url.startsWith("jdbc:postgresql:")) {
                // Without the text: somebody may have written a password into it.
                throw new IllegalArgumentException(
                        "database.url: write jdbc:postgresql://host:port/name, the user and password separately");
            }
            if (url.contains("password=")) {
                throw new IllegalArgumentException(
                        "database.url: it holds a password; name it as database.password: env:NAME or file:/path");
            }
            if (user.isBlank()) {
                throw new IllegalArgumentException("database.user: PostgreSQL needs a user's name");
            }
            if (pool < 2 || pool > 1000) {
                throw new IllegalArgumentException("database.pool: %d, must be 2 to 1000".formatted(pool));
            }
        }
    }
}
