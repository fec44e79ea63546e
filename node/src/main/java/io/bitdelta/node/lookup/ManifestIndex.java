package io.bitdelta.node.lookup;

import static io.bitdelta.node.store.Schema.BLOCK_NUMBER;
import static io.bitdelta.node.store.Schema.DELTA;
import static io.bitdelta.node.store.Schema.FILE_HASH;
import static io.bitdelta.node.store.Schema.LOG_INDEX;
import static io.bitdelta.node.store.Schema.MANIFEST_DIGEST;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.manifest.ManifestException;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.store.Database;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record3;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which file a delta is: its events name the manifest only. Reads the manifests that this node holds; asks nobody for others.
 */
public final class ManifestIndex {
    static final Table<Record> DELTA_MANIFEST = DSL.table(DSL.name("delta_manifest"));
    static final Field<String> FILE_CID = DSL.field(DSL.name("file_cid"), String.class);
    static final Field<String> CONTENT_ROOT = DSL.field(DSL.name("content_root"), String.class);
    private static final Field<Long> FILE_BYTES = DSL.field(DSL.name("file_bytes"), Long.class);

    private static final Logger log = LoggerFactory.getLogger(ManifestIndex.class);
    private static final int CHUNK = 500;

    private final Database database;
    private final Blockstore blocks;
    private ChainPosition done = ChainPosition.START;

    /** @param blocks where manifests are looked for */
    public ManifestIndex(Database database, Blockstore blocks) {
        this.database = database;
        this.blocks = blocks;
    }

    /**
     * Reads the manifests of the deltas that were indexed since the last call; the first call in a process looks at all that
     * are missing.
     *
     * @return how many were read
     */
    public synchronized int catchUp() throws IOException {
        int read = 0;
        while (true) {
            List<Record3<Long, Integer, String>> some = missing();
            for (Record3<Long, Integer, String> row : some) {
                read += read(row.value3()) ? 1 : 0;
                done = new ChainPosition(row.value1(), row.value2());
            }
            if (some.size() < CHUNK) {
                return read;
            }
        }
    }

    private List<Record3<Long, Integer, String>> missing() {
        return database.reads()
                .select(BLOCK_NUMBER, LOG_INDEX, MANIFEST_DIGEST)
                .from(DELTA)
                .where(DSL.row(BLOCK_NUMBER, LOG_INDEX).gt(done.block(), done.logIndex()))
                .and(MANIFEST_DIGEST.notIn(DSL.select(MANIFEST_DIGEST).from(DELTA_MANIFEST)))
                .orderBy(BLOCK_NUMBER, LOG_INDEX)
                .limit(CHUNK)
                .fetch();
    }

    private boolean read(String digest) throws IOException {
        Optional<Block> block = blocks.get(Cid.rawSha256(Bytes32.of(digest).bytes()));
        if (block.isEmpty()) {
            return false;
        }
        try {
            Manifest manifest = Manifest.parse(block.get().data());
            database.sql()
                    .insertInto(DELTA_MANIFEST)
                    .set(MANIFEST_DIGEST, digest)
                    .set(FILE_CID, manifest.delta().cid())
                    .set(FILE_HASH, manifest.delta().fileHash().hex())
                    .set(CONTENT_ROOT, manifest.delta().contentRoot().hex())
                    .set(FILE_BYTES, manifest.compression().size())
                    .onConflictDoNothing()
                    .execute();
            return true;
        } catch (ManifestException noManifest) {
            log.debug("the block that a delta calls its manifest is none: {}", noManifest.getMessage());
            return false;
        }
    }
}
