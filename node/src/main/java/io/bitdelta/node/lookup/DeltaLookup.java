package io.bitdelta.node.lookup;

import static io.bitdelta.node.store.Schema.BASE_HASH;
import static io.bitdelta.node.store.Schema.BLOCK_NUMBER;
import static io.bitdelta.node.store.Schema.DELTA;
import static io.bitdelta.node.store.Schema.DELTA_COLUMNS;
import static io.bitdelta.node.store.Schema.DELTA_ID;
import static io.bitdelta.node.store.Schema.DELTA_ROOT;
import static io.bitdelta.node.store.Schema.EPSILON_MILLI;
import static io.bitdelta.node.store.Schema.EVIDENCE_DIGEST;
import static io.bitdelta.node.store.Schema.FLAGS;
import static io.bitdelta.node.store.Schema.IDENTITY;
import static io.bitdelta.node.store.Schema.LOG_INDEX;
import static io.bitdelta.node.store.Schema.MANIFEST_DIGEST;
import static io.bitdelta.node.store.Schema.PREV;
import static io.bitdelta.node.store.Schema.RECEIPT_HASH;
import static io.bitdelta.node.store.Schema.REVOCATION;
import static io.bitdelta.node.store.Schema.TX_HASH;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.store.Database;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
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

    /** @param chainId of the indexed chain: part of every DID */
    public DeltaLookup(Database database, long chainId) {
        this.database = database;
        this.chainId = chainId;
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

    private List<DeltaRecord> where(Condition condition) {
        return database.sql()
                .select(DELTA_COLUMNS)
                .select(REVOKED)
                .from(DELTA)
                .where(condition)
                .orderBy(BLOCK_NUMBER, LOG_INDEX)
                .fetch(this::record);
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
                row.get(TX_HASH),
                row.get(REVOKED));
    }

    private static String cid(String digest) {
        Bytes32 bytes = Bytes32.of(digest);
        return bytes.isZero() ? "" : Cid.rawSha256(bytes.bytes()).toString();
    }
}
