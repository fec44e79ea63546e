package io.bitdelta.node.auth;

import static io.bitdelta.node.auth.AuthTables.ACCESS_GRANT;
import static io.bitdelta.node.auth.AuthTables.ACCESS_GRANT_COLUMNS;
import static io.bitdelta.node.auth.AuthTables.DELTA_ID;
import static io.bitdelta.node.auth.AuthTables.EXPIRES_AT_S;
import static io.bitdelta.node.auth.AuthTables.GRANTEE;
import static io.bitdelta.node.auth.AuthTables.ID;
import static io.bitdelta.node.auth.AuthTables.NONCE;
import static io.bitdelta.node.auth.AuthTables.OWNER;
import static io.bitdelta.node.auth.AuthTables.REVOKED_AT_MS;
import static io.bitdelta.node.auth.AuthTables.SCOPE;
import static io.bitdelta.node.auth.AuthTables.SIGNATURE;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.node.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;

/** What owners have lent to others, by signature. */
public final class Grants {
    /** Most grants of one owner that have neither expired nor been revoked. */
    public static final int MOST = 1000;

    private static final Duration LONGEST = Duration.ofDays(366);

    private final Database database;
    private final AccountSignatures signatures;
    private final long chainId;
    private final EvmAddress registry;
    private final Clock clock;

    /** @param registry the verifying contract of the grants' domain */
    public Grants(Database database, AccountSignatures signatures, long chainId, EvmAddress registry, Clock clock) {
        this.database = database;
        this.signatures = signatures;
        this.chainId = chainId;
        this.registry = registry;
        this.clock = clock;
    }

    /**
     * A grant that was taken.
     *
     * @param deltaId zero for everything of the owner's
     * @param revokedAt when it was revoked, if it was
     */
    public record Grant(
            String id,
            EvmAddress owner,
            EvmAddress grantee,
            Scope scope,
            Bytes32 deltaId,
            Instant expiresAt,
            Optional<Instant> revokedAt) {}

    /**
     * Takes a grant.
     *
     * @throws GrantRefusedException when the signature is not the owner's, it has expired or lasts too long, it was taken
     *     before, or the owner has too many
     */
    public Grant add(GrantMessage message, byte[] signature) {
        Instant now = clock.instant();
        if (message.expiresAt() <= now.getEpochSecond()
                || message.expiresAt() > now.plus(LONGEST).getEpochSecond()) {
            throw new GrantRefusedException(
                    "a grant expires in the future and within %d days".formatted(LONGEST.toDays()));
        }
        if (!signatures.valid(message.owner(), message.digest(chainId, registry), signature)) {
            throw new GrantRefusedException(
                    "the signature is not that of %s over this grant for chain %d and registry %s"
                            .formatted(message.owner(), chainId, registry));
        }
        if (database.sql()
                        .fetchCount(
                                ACCESS_GRANT,
                                OWNER.eq(message.owner().hex()),
                                REVOKED_AT_MS.isNull(),
                                EXPIRES_AT_S.gt(now.getEpochSecond()))
                >= MOST) {
            throw new GrantRefusedException("%s has %d grants already: revoke some".formatted(message.owner(), MOST));
        }
        int added = database.sql()
                .insertInto(ACCESS_GRANT)
                .set(ID, message.id())
                .set(OWNER, message.owner().hex())
                .set(GRANTEE, message.grantee().hex())
                .set(SCOPE, message.scope().toString())
                .set(DELTA_ID, message.deltaId().hex())
                .set(EXPIRES_AT_S, message.expiresAt())
                .set(NONCE, message.nonce().hex())
                .set(SIGNATURE, HexText.of(signature))
                .onConflictDoNothing()
                .execute();
        if (added == 0) {
            throw new GrantRefusedException("this grant was taken before; a revoked one does not come back");
        }
        return find(message.id()).orElseThrow();
    }

    /** One grant. */
    public Optional<Grant> find(String id) {
        return database.sql()
                .select(ACCESS_GRANT_COLUMNS)
                .from(ACCESS_GRANT)
                .where(ID.eq(id))
                .fetchOptional(Grants::grant);
    }

    /** An owner's grants, revoked and expired ones included, those that last longest first. */
    public List<Grant> of(EvmAddress owner, int limit) {
        return database.sql()
                .select(ACCESS_GRANT_COLUMNS)
                .from(ACCESS_GRANT)
                .where(OWNER.eq(owner.hex()))
                .orderBy(EXPIRES_AT_S.desc(), ID)
                .limit(limit)
                .fetch(Grants::grant);
    }

    /** Revokes a grant at once. */
    public void revoke(String id) {
        database.sql()
                .update(ACCESS_GRANT)
                .set(REVOKED_AT_MS, clock.instant().toEpochMilli())
                .where(ID.eq(id), REVOKED_AT_MS.isNull())
                .execute();
    }

    /**
     * Whether the owner lets the grantee use a scope now.
     *
     * @param deltaId on this delta; zero asks for everything of the owner's, which a grant for one delta does not give
     */
    public boolean permits(EvmAddress owner, EvmAddress grantee, Scope scope, Bytes32 deltaId) {
        return database.reads()
                .fetchExists(
                        ACCESS_GRANT,
                        OWNER.eq(owner.hex()),
                        GRANTEE.eq(grantee.hex()),
                        SCOPE.eq(scope.toString()),
                        DELTA_ID.in(deltaId.hex(), Bytes32.ZERO.hex()),
                        EXPIRES_AT_S.gt(clock.instant().getEpochSecond()),
                        REVOKED_AT_MS.isNull());
    }

    private static Grant grant(Record row) {
        Long revoked = row.get(REVOKED_AT_MS);
        return new Grant(
                row.get(ID),
                EvmAddress.of(row.get(OWNER)),
                EvmAddress.of(row.get(GRANTEE)),
                Scope.of(row.get(SCOPE)),
                Bytes32.of(row.get(DELTA_ID)),
                Instant.ofEpochSecond(row.get(EXPIRES_AT_S)),
                revoked == null ? Optional.empty() : Optional.of(Instant.ofEpochMilli(revoked)));
    }
}
