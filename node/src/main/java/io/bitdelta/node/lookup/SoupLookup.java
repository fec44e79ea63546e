package io.bitdelta.node.lookup;

import static io.bitdelta.node.store.Schema.BASE_HASH;
import static io.bitdelta.node.store.Schema.BLOCK_NUMBER;
import static io.bitdelta.node.store.Schema.LOG_INDEX;
import static io.bitdelta.node.store.Schema.MANIFEST_DIGEST;
import static io.bitdelta.node.store.Schema.MEMBERS;
import static io.bitdelta.node.store.Schema.PROPOSER;
import static io.bitdelta.node.store.Schema.SOUP;
import static io.bitdelta.node.store.Schema.SOUP_ID;
import static io.bitdelta.node.store.Schema.TX_HASH;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.store.Database;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/** Proposed soups, from the index alone. */
public final class SoupLookup {
    private final Database database;

    /** @param database that the indexer writes */
    public SoupLookup(Database database) {
        this.database = database;
    }

    /** All soups, oldest first. */
    public List<SoupRecord> all() {
        return where(DSL.noCondition());
    }

    /** The soups that an account has proposed, oldest first. */
    public List<SoupRecord> byProposer(EvmAddress proposer) {
        return where(PROPOSER.eq(proposer.hex()));
    }

    /** One soup. */
    public Optional<SoupRecord> byId(Bytes32 soupId) {
        return where(SOUP_ID.eq(soupId.hex())).stream().findFirst();
    }

    private List<SoupRecord> where(Condition condition) {
        return database.reads()
                .select(SOUP_ID, PROPOSER, BASE_HASH, MANIFEST_DIGEST, MEMBERS, BLOCK_NUMBER, TX_HASH)
                .from(SOUP)
                .where(condition)
                .orderBy(BLOCK_NUMBER, LOG_INDEX)
                .fetch(row -> new SoupRecord(
                        row.get(SOUP_ID),
                        row.get(PROPOSER),
                        row.get(BASE_HASH),
                        row.get(MANIFEST_DIGEST),
                        row.get(MEMBERS),
                        row.get(BLOCK_NUMBER),
                        row.get(TX_HASH)));
    }
}
