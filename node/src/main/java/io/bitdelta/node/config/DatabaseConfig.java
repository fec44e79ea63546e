package io.bitdelta.node.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.bitdelta.ipfs.Secret;
import io.bitdelta.node.store.DatabaseSettings;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the node keeps its outbox, its plans and its index. The password is named ({@code env:NAME}, {@code file:/path}),
 * never written here.
 *
 * @param url JDBC address of a PostgreSQL database; empty for an SQLite file in the data folder
 * @param user who connects to PostgreSQL
 * @param password where the password is; empty for none
 * @param pool most connections to PostgreSQL
 */
public record DatabaseConfig(String url, String user, String password, int pool) {
    private static final String DEFAULT_USER = "bitdelta";
    private static final int DEFAULT_POOL = 10;

    @JsonCreator
    static DatabaseConfig of(
            @JsonProperty("url") @Nullable String url,
            @JsonProperty("user") @Nullable String user,
            @JsonProperty("password") @Nullable String password,
            @JsonProperty("pool") @Nullable Integer pool) {
        DatabaseConfig config = new DatabaseConfig(
                url == null ? "" : url.strip(),
                user == null || user.isBlank() ? DEFAULT_USER : user.strip(),
                password == null ? "" : password.strip(),
                pool == null ? DEFAULT_POOL : pool);
        // A wrong address is an error of the configuration, not of the first use.
        Objects.requireNonNull(config.settings(Path.of("unused")));
        return config;
    }

    static DatabaseConfig defaults() {
        return of(null, null, null, null);
    }

    /** Whether it is a file in the data folder. */
    public boolean embedded() {
        return url.isEmpty();
    }

    /**
     * What the database is opened with.
     *
     * @param file the SQLite file, used when no server is named
     * @throws IllegalArgumentException when the address is none of PostgreSQL or the reference to the password is none
     */
    public DatabaseSettings settings(Path file) {
        return embedded()
                ? new DatabaseSettings.Sqlite(file)
                : new DatabaseSettings.Postgresql(url, user, secret(password), pool);
    }

    private static @Nullable Secret secret(String reference) {
        try {
            return reference.isEmpty() ? null : Secret.parse(reference);
        } catch (IllegalArgumentException malformed) {
            // Without the text: somebody may have written the password itself.
            throw new IllegalArgumentException(
                    "database.password: write env:NAME or file:/path, not the password itself", malformed);
        }
    }
}
