package io.bitdelta.node.lookup;

import static io.bitdelta.node.store.Schema.BASE_HASH;
import static io.bitdelta.node.store.Schema.BLOCK_NUMBER;
import static io.bitdelta.node.store.Schema.DELTA;
import static io.bitdelta.node.store.Schema.DELTA_COLUMNS;
import static io.bitdelta.node.store.Schema.DELTA_ID;
import static io.bitdelta.node.store.Schema.DELTA_ROOT;
import static io.bitdelta.node.store.Schema.EPSILON_MILLI;
import static io.bitdelta.node.store.Schema.EVIDENCE_DIGEST;
import static io.bitdelta.node.store.Schema.FILE_HASH;
import static io.bitdelta.node.store.Schema.FLAGS;
import static io.bitdelta.node.store.Schema.IDENTITY;
import static io.bitdelta.node.store.Schema.LOG_INDEX;
import static io.bitdelta.node.store.Schema.MANIFEST_DIGEST;
import static io.bitdelta.node.store.Schema.PREV;
import static io.bitdelta.node.store.Schema.RECEIPT_HASH;
import static io.bitdelta.node.store.Schema.REVOCATION;
import static io.bitdelta.node.store.Schema.TIME_S;
import static io.bitdelta.node.store.Schema.TX_HASH;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.ResultQuery;
import org.jooq.Select;
import org.jooq.impl.DSL;

/** Deltas by owner, base or id, from the index alone. */
public final class DeltaLookup {
    private static final Field<Boolean> REVOKED = DSL.field(DSL.exists(DSL.selectOne()
                    .from(REVOCATION)
                    .where(DSL.field(DSL.name("revocation", "delta_id"), String.class)
                            .eq(DSL.field(DSL.name("delta", "delta_id"), String.class)))))
            .as("revoked");

    private final Database database;
    private final long chainId;

    /** Most pages are of an owner; their query is written once. */
    private final String ofDid;

    /** @param chainId of the indexed chain: part of every DID */
    public DeltaLookup(Database database, long chainId) {
        this.database = database;
        this.chainId = chainId;
        this.ofDid =
                page(database.reads(), IDENTITY.eq(""), ChainPosition.START, 1).getSQL();
    }

    /** How every canonical DID of the indexed chain begins; the address follows. */
    public String prefix() {
        return "did:lux:%d:".formatted(chainId);
    }

    /** All deltas of a DID, oldest first, revoked ones included and marked; empty for a DID of another chain. */
    public List<DeltaRecord> byDid(LuxDid did) {
        return did.chainId() == chainId ? where(IDENTITY.eq(did.address().hex())) : List.of();
    }

    /** All deltas over a base, oldest first. */
    public List<DeltaRecord> byBase(Bytes32 baseHash) {
        return where(BASE_HASH.eq(baseHash.hex()));
    }

    /** One delta. */
    public Optional<DeltaRecord> byId(Bytes32 deltaId) {
        return where(DELTA_ID.eq(deltaId.hex())).stream().findFirst();
    }

    /**
     * A page of deltas in the order of the chain, revoked ones included and marked.
     *
     * @param after where the page begins, exclusive
     * @param limit 1 to {@link Page#MOST}
     */
    public Page<DeltaRecord> page(DeltaFilter filter, ChainPosition after, int limit) {
        if (limit < 1 || limit > Page.MOST) {
            throw new IllegalArgumentException("limit: %d, must be 1 to %d".formatted(limit, Page.MOST));
        }
        if (filter.did() != null && filter.did().chainId() != chainId) {
            return new Page<>(List.of(), Optional.empty());
        }
        List<DeltaRecord> found =
                filter.onlyDid() ? ofDid(filter, after, limit + 1) : matching(filter, after, limit + 1);
        if (found.size() <= limit) {
            return new Page<>(found, Optional.empty());
        }
        DeltaRecord last = found.get(limit - 1);
        return new Page<>(found.subList(0, limit), Optional.of(new ChainPosition(last.block(), last.logIndex())));
    }

    private List<DeltaRecord> ofDid(DeltaFilter filter, ChainPosition after, int most) {
        return database.look(
                ofDid,
                this::record,
                Objects.requireNonNull(filter.did()).address().hex(),
                after.block(),
                after.block(),
                after.logIndex(),
                most);
    }

    private List<DeltaRecord> matching(DeltaFilter filter, ChainPosition after, int most) {
        return page(database.reads(), condition(filter), after, most).fetch(row -> record(row));
    }

    private static ResultQuery<Record> page(DSLContext sql, Condition condition, ChainPosition after, int most) {
        return sql.select(DELTA_COLUMNS)
                .select(REVOKED)
                .from(DELTA)
                .where(condition)
                .and(BLOCK_NUMBER
                        .gt(after.block())
                        .or(BLOCK_NUMBER.eq(after.block()).and(LOG_INDEX.gt(after.logIndex()))))
                .orderBy(BLOCK_NUMBER, LOG_INDEX)
                .limit(most);
    }

    private static Condition condition(DeltaFilter filter) {
        Condition condition = DSL.noCondition();
        if (filter.did() != null) {
            condition = condition.and(IDENTITY.eq(filter.did().address().hex()));
        }
        if (filter.base() != null) {
            condition = condition.and(BASE_HASH.eq(filter.base().hex()));
        }
        if (filter.hash() != null) {
            String hash = filter.hash().hex();
            condition = condition.and(DELTA_ID.eq(hash)
                    .or(DELTA_ROOT.eq(hash))
                    .or(MANIFEST_DIGEST.eq(hash))
                    .or(EVIDENCE_DIGEST.eq(hash))
                    .or(RECEIPT_HASH.eq(hash))
                    .or(MANIFEST_DIGEST.in(manifests(ManifestIndex.CONTENT_ROOT.eq(hash))))
                    .or(MANIFEST_DIGEST.in(manifests(FILE_HASH.eq(hash)))));
        }
        if (filter.cid() != null) {
            Condition named = MANIFEST_DIGEST.in(
                    manifests(ManifestIndex.FILE_CID.eq(filter.cid().toString())));
            Optional<String> digest = rawDigest(filter.cid());
            condition = condition.and(
                    digest.map(hex -> named.or(MANIFEST_DIGEST.eq(hex)).or(EVIDENCE_DIGEST.eq(hex)))
                            .orElse(named));
        }
        return condition;
    }

    /** The digest of a single block's CID, the only kind that the contracts know. */
    private static Optional<String> rawDigest(Cid cid) {
        boolean sha256 = !cid.isIdentity() && cid.digest().length == Cid.DIGEST_BYTES;
        return sha256 && Cid.rawSha256(cid.digest()).equals(cid)
                ? Optional.of(HexText.of(cid.digest()))
                : Optional.empty();
    }

    private static Select<? extends Record1<String>> manifests(Condition condition) {
        return DSL.select(MANIFEST_DIGEST).from(ManifestIndex.DELTA_MANIFEST).where(condition);
    }

    private List<DeltaRecord> where(Condition condition) {
        return database.reads()
                .select(DELTA_COLUMNS)
                .select(REVOKED)
                .from(DELTA)
                .where(condition)
                .orderBy(BLOCK_NUMBER, LOG_INDEX)
                .fetch(row -> record(row));
    }

    /** Columns in the order of {@code DELTA_COLUMNS}, then whether it was revoked. */
    private DeltaRecord record(ResultSet row) throws SQLException {
        return new DeltaRecord(
                row.getString(1),
                prefix() + row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                cid(row.getString(5)),
                row.getString(6),
                row.getString(7),
                row.getInt(8),
                row.getInt(9),
                row.getString(10),
                cid(row.getString(10)),
                row.getLong(11),
                row.getInt(12),
                Instant.ofEpochSecond(row.getLong(14)).toString(),
                row.getString(13),
                row.getBoolean(15));
    }

    private DeltaRecord record(Record row) {
        return new DeltaRecord(
                row.get(DELTA_ID),
                new LuxDid(chainId, EvmAddress.of(row.get(IDENTITY))).toString(),
                row.get(BASE_HASH),
                row.get(DELTA_ROOT),
                row.get(MANIFEST_DIGEST),
                cid(row.get(MANIFEST_DIGEST)),
                row.get(RECEIPT_HASH),
                row.get(PREV),
                row.get(EPSILON_MILLI),
                row.get(FLAGS),
                row.get(EVIDENCE_DIGEST),
                cid(row.get(EVIDENCE_DIGEST)),
                row.get(BLOCK_NUMBER),
                row.get(LOG_INDEX),
                Instant.ofEpochSecond(row.get(TIME_S)).toString(),
                row.get(TX_HASH),
                row.get(REVOKED));
    }

    private static String cid(String digest) {
        Bytes32 bytes = Bytes32.of(digest);
        return bytes.isZero() ? "" : Cid.rawSha256(bytes.bytes()).toString();
    }
}
