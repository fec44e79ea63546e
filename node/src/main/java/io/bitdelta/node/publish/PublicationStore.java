package io.bitdelta.node.publish;

import static io.bitdelta.node.store.Schema.CHALLENGE;
import static io.bitdelta.node.store.Schema.CREATED_AT;
import static io.bitdelta.node.store.Schema.DEADLINE;
import static io.bitdelta.node.store.Schema.DELTA_ID;
import static io.bitdelta.node.store.Schema.EVIDENCE;
import static io.bitdelta.node.store.Schema.EXPIRY;
import static io.bitdelta.node.store.Schema.FILE_HASH;
import static io.bitdelta.node.store.Schema.IDENTITY;
import static io.bitdelta.node.store.Schema.INTENT;
import static io.bitdelta.node.store.Schema.PREV;
import static io.bitdelta.node.store.Schema.PUBLICATION;
import static io.bitdelta.node.store.Schema.PUBLICATION_COLUMNS;
import static io.bitdelta.node.store.Schema.SALT;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.store.Database;
import java.time.Instant;
import java.util.Optional;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** The stored inputs of publications. */
final class PublicationStore {
    private final Database database;

    PublicationStore(Database database) {
        this.database = database;
    }

    /**
     * One publication's inputs.
     *
     * @param salt of the commitment
     * @param challenge the evidence's nonce
     * @param expiry of the statement, Unix seconds
     * @param prev head of (identity, base) that the manifest and the signature name
     * @param deadline of the signature, Unix seconds
     * @param deltaId what was signed
     * @param evidence digest of the stored bundle that holds evidence and signature
     */
    record Inputs(
            String intent,
            EvmAddress identity,
            Bytes32 fileHash,
            Instant createdAt,
            Bytes32 salt,
            Bytes32 challenge,
            long expiry,
            Bytes32 prev,
            long deadline,
            @Nullable Bytes32 deltaId,
            @Nullable Bytes32 evidence) {}

    Optional<Inputs> find(String intent) {
        return database.sql()
                .select(PUBLICATION_COLUMNS)
                .from(PUBLICATION)
                .where(INTENT.eq(intent))
                .fetchOptional()
                .map(PublicationStore::inputs);
    }

    /** Stores the inputs of an intent, unless another thread or node was first: then the result is what that one chose. */
    Inputs insert(Inputs fresh) {
        database.sql()
                .insertInto(PUBLICATION)
                .set(INTENT, fresh.intent())
                .set(IDENTITY, fresh.identity().hex())
                .set(FILE_HASH, fresh.fileHash().hex())
                .set(CREATED_AT, fresh.createdAt().toString())
                .set(SALT, fresh.salt().hex())
                .set(CHALLENGE, fresh.challenge().hex())
                .set(EXPIRY, fresh.expiry())
                .set(PREV, fresh.prev().hex())
                .set(DEADLINE, fresh.deadline())
                .onConflictDoNothing()
                .execute();
        return find(fresh.intent()).orElseThrow();
    }

    /** Another head, or a deadline that has passed: what was signed is void. */
    Inputs renew(Inputs stale, Bytes32 prev, long expiry, long deadline) {
        database.sql()
                .update(PUBLICATION)
                .set(PREV, prev.hex())
                .set(EXPIRY, expiry)
                .set(DEADLINE, deadline)
                .setNull(DELTA_ID)
                .setNull(EVIDENCE)
                .where(INTENT.eq(stale.intent()))
                .execute();
        return find(stale.intent()).orElseThrow();
    }

    void signed(String intent, Bytes32 deltaId, Bytes32 evidence) {
        database.sql()
                .update(PUBLICATION)
                .set(DELTA_ID, deltaId.hex())
                .set(EVIDENCE, evidence.hex())
                .where(INTENT.eq(intent))
                .execute();
    }

    private static Inputs inputs(Record row) {
        String deltaId = row.get(DELTA_ID);
        String evidence = row.get(EVIDENCE);
        return new Inputs(
                row.get(INTENT),
                EvmAddress.of(row.get(IDENTITY)),
                Bytes32.of(row.get(FILE_HASH)),
                Instant.parse(row.get(CREATED_AT)),
                Bytes32.of(row.get(SALT)),
                Bytes32.of(row.get(CHALLENGE)),
                row.get(EXPIRY),
                Bytes32.of(row.get(PREV)),
                row.get(DEADLINE),
                deltaId == null ? null : Bytes32.of(deltaId),
                evidence == null ? null : Bytes32.of(evidence));
    }
}
