package io.bitdelta.node.auth;

import static io.bitdelta.node.auth.AuthTables.EXPIRES_AT_MS;
import static io.bitdelta.node.auth.AuthTables.NONCE;
import static io.bitdelta.node.auth.AuthTables.SPENT_NONCE;

import io.bitdelta.node.store.Database;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces of logins: good once and for ten minutes.
 *
 * <p>A nonce carries its own expiry and a MAC, so that handing one out stores nothing: strangers can ask for as many as they
 * like. A row is written when one is used, which takes a valid signature, and lives until the nonce would have expired.
 */
public final class Nonces {
    /** How long a nonce can be used. */
    public static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final int TIME_HEX = 12;
    private static final int RANDOM_HEX = 24;
    private static final int MAC_HEX = 32;

    private final Database database;
    private final byte[] key;
    private final SecureRandom random;
    private final Clock clock;

    /** @param key 32 secret bytes of this node, or of all nodes behind one address */
    public Nonces(Database database, byte[] key, SecureRandom random, Clock clock) {
        this.database = database;
        this.key = key.clone();
        this.random = random;
        this.clock = clock;
    }

    /** A new nonce: letters and digits. */
    public String issue() {
        byte[] fresh = new byte[RANDOM_HEX / 2];
        random.nextBytes(fresh);
        String body = "%012x".formatted(clock.instant().plus(LIFETIME).toEpochMilli())
                + HexFormat.of().formatHex(fresh);
        return body + mac(body);
    }

    /**
     * Uses a nonce up.
     *
     * @throws LoginRefusedException when it is not this node's, has expired or was used before
     */
    public void spend(String nonce) {
        if (nonce.length() != TIME_HEX + RANDOM_HEX + MAC_HEX) {
            throw foreign();
        }
        String body = nonce.substring(0, TIME_HEX + RANDOM_HEX);
        if (!MessageDigest.isEqual(
                mac(body).getBytes(StandardCharsets.US_ASCII),
                nonce.substring(body.length()).getBytes(StandardCharsets.US_ASCII))) {
            throw foreign();
        }
        Instant expiry = Instant.ofEpochMilli(Long.parseLong(body.substring(0, TIME_HEX), 16));
        Instant now = clock.instant();
        if (!now.isBefore(expiry)) {
            throw new LoginRefusedException("the nonce expired at %s: get a new one".formatted(expiry));
        }
        boolean first = database.transaction(sql -> {
            sql.deleteFrom(SPENT_NONCE)
                    .where(EXPIRES_AT_MS.lt(now.toEpochMilli()))
                    .execute();
            return sql.insertInto(SPENT_NONCE)
                            .set(NONCE, nonce)
                            .set(EXPIRES_AT_MS, expiry.toEpochMilli())
                            .onConflictDoNothing()
                            .execute()
                    == 1;
        });
        if (!first) {
            throw new LoginRefusedException("the nonce was used before: get a new one");
        }
    }

    private static LoginRefusedException foreign() {
        return new LoginRefusedException("the nonce is not from this node: get one from GET /api/auth/challenge");
    }

    private String mac(String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] sum = mac.doFinal(("login nonce " + body).getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(Arrays.copyOf(sum, MAC_HEX / 2));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
