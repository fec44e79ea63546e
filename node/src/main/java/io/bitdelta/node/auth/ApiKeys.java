package io.bitdelta.node.auth;

import static io.bitdelta.node.auth.AuthTables.API_KEY;
import static io.bitdelta.node.auth.AuthTables.API_KEY_COLUMNS;
import static io.bitdelta.node.auth.AuthTables.CREATED_AT_MS;
import static io.bitdelta.node.auth.AuthTables.EXPIRES_AT_MS;
import static io.bitdelta.node.auth.AuthTables.ID;
import static io.bitdelta.node.auth.AuthTables.IDENTITY;
import static io.bitdelta.node.auth.AuthTables.KEY_HASH;
import static io.bitdelta.node.auth.AuthTables.LABEL;
import static io.bitdelta.node.auth.AuthTables.REVOKED_AT_MS;
import static io.bitdelta.node.auth.AuthTables.SCOPES;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.store.Database;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.Record;

/**
 * API keys: 256 random bits, shown once, stored as SHA-256. A plain hash is enough for what cannot be guessed, and finding
 * the row by the hash leaks nothing by its time.
 */
public final class ApiKeys {
    private static final String PREFIX = "bdk_";
    private static final int BYTES = 32;
    private static final Duration LONGEST = Duration.ofDays(366);

    private final Database database;
    private final SecureRandom random;
    private final Clock clock;

    /** Keys in this database. */
    public ApiKeys(Database database, SecureRandom random, Clock clock) {
        this.database = database;
        this.random = random;
        this.clock = clock;
    }

    /**
     * A key without its secret.
     *
     * @param id its name
     * @param label what it is for
     * @param identity whom it acts for, if anyone
     * @param scopes what it may do
     * @param createdAt when it was made
     * @param expiresAt when it stops being good
     * @param revokedAt when it was revoked, if it was
     */
    public record Key(
            String id,
            String label,
            Optional<EvmAddress> identity,
            Set<Scope> scopes,
            Instant createdAt,
            Instant expiresAt,
            Optional<Instant> revokedAt) {}

    /**
     * A key that was just made.
     *
     * @param key what is stored
     * @param secret the text that the holder sends; this is the only time it exists outside their hands
     */
    public record Fresh(Key key, String secret) {
        @Override
        public String toString() {
            return "fresh API key " + key.id();
        }
    }

    /**
     * Makes a key.
     *
     * @param label at most 100 characters
     * @param lifetime at most 366 days
     * @throws IllegalArgumentException for a bad label, lifetime or no scopes
     */
    public Fresh create(String label, Optional<EvmAddress> identity, Set<Scope> scopes, Duration lifetime) {
        if (label.isBlank() || label.length() > 100 || label.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a key's label is 1 to 100 printable characters");
        }
        if (!lifetime.isPositive() || lifetime.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a key lives for at most %d days".formatted(LONGEST.toDays()));
        }
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("a key without scopes opens nothing: name at least one");
        }
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        byte[] name = new byte[6];
        random.nextBytes(name);
        String text = PREFIX + HexFormat.of().formatHex(secret);
        Instant now = clock.instant();
        Key key = new Key(
                HexFormat.of().formatHex(name),
                label,
                identity,
                Set.copyOf(scopes),
                Instant.ofEpochMilli(now.toEpochMilli()),
                Instant.ofEpochMilli(now.plus(lifetime).toEpochMilli()),
                Optional.empty());
        database.sql()
                .insertInto(API_KEY)
                .set(ID, key.id())
                .set(KEY_HASH, hash(text))
                .set(LABEL, label)
                .set(IDENTITY, identity.map(EvmAddress::hex).orElse(""))
                .set(SCOPES, scopes.stream().map(Scope::toString).sorted().collect(Collectors.joining(",")))
                .set(CREATED_AT_MS, key.createdAt().toEpochMilli())
                .set(EXPIRES_AT_MS, key.expiresAt().toEpochMilli())
                .execute();
        return new Fresh(key, text);
    }

    /** Every key, oldest first. */
    public List<Key> list() {
        return database.sql()
                .select(API_KEY_COLUMNS)
                .from(API_KEY)
                .orderBy(CREATED_AT_MS, ID)
                .fetch(ApiKeys::key);
    }

    /** Revokes a key at once; false when there is no such key. */
    public boolean revoke(String id) {
        int changed = database.sql()
                .update(API_KEY)
                .set(REVOKED_AT_MS, clock.instant().toEpochMilli())
                .where(ID.eq(id), REVOKED_AT_MS.isNull())
                .execute();
        return changed == 1 || database.sql().fetchExists(API_KEY, ID.eq(id));
    }

    /**
     * Who holds a key.
     *
     * @throws CredentialRefusedException when it is unknown, expired or revoked
     */
    public Principal identify(String secret) {
        if (!secret.startsWith(PREFIX) || secret.length() != PREFIX.length() + 2 * BYTES) {
            throw unknown();
        }
        Key key = database.sql()
                .select(API_KEY_COLUMNS)
                .from(API_KEY)
                .where(KEY_HASH.eq(hash(secret)))
                .fetchOptional(ApiKeys::key)
                .orElseThrow(ApiKeys::unknown);
        if (key.revokedAt().isPresent()) {
            throw new CredentialRefusedException("this API key was revoked");
        }
        if (!clock.instant().isBefore(key.expiresAt())) {
            throw new CredentialRefusedException("this API key expired at %s".formatted(key.expiresAt()));
        }
        return new Principal(Principal.Kind.API_KEY, "key:" + key.id(), key.identity(), key.scopes());
    }

    private static CredentialRefusedException unknown() {
        return new CredentialRefusedException("this node knows no such API key");
    }

    private static Key key(Record row) {
        Long revoked = row.get(REVOKED_AT_MS);
        String identity = row.get(IDENTITY);
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        Arrays.stream(row.get(SCOPES).split(",", -1)).map(Scope::of).forEach(scopes::add);
        return new Key(
                row.get(ID),
                row.get(LABEL),
                identity.isEmpty() ? Optional.empty() : Optional.of(EvmAddress.of(identity)),
                Set.copyOf(scopes),
                Instant.ofEpochMilli(row.get(CREATED_AT_MS)),
                Instant.ofEpochMilli(row.get(EXPIRES_AT_MS)),
                revoked == null ? Optional.empty() : Optional.of(Instant.ofEpochMilli(revoked)));
    }

    private static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
