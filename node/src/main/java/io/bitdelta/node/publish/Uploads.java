package io.bitdelta.node.publish;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.table;

import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.gateway.GatewayClient;
import io.bitdelta.ipfs.pin.Pin;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.RowCounter;
import io.bitdelta.node.trace.TraceStep;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/**
 * Delta files on their way in: from a caller, or by CID from the gateways that the operator has named. Nothing is kept that
 * is no delta file, and no principal keeps more than the quota.
 */
public final class Uploads {
    private static final Table<Record> UPLOAD = table(name("upload"));
    private static final Field<String> PRINCIPAL = field(name("principal"), String.class);
    private static final Field<String> CID = field(name("cid"), String.class);
    private static final Field<Long> BYTES = field(name("bytes"), Long.class);
    private static final Field<Long> AT_S = field(name("at_s"), Long.class);

    private final Database database;
    private final ContentStore content;
    private final Path work;
    private final Optional<GatewayClient> gateways;
    private final long mostPerFile;
    private final long mostPerPrincipal;
    private final Clock clock;

    /**
     * @param work folder for files on their way
     * @param gateways where files are fetched by CID; none refuses what is not here
     * @param mostPerFile bytes
     * @param mostPerPrincipal bytes of all files together
     */
    public Uploads(
            Database database,
            ContentStore content,
            Path work,
            List<URI> gateways,
            long mostPerFile,
            long mostPerPrincipal,
            Clock clock) {
        this.database = database;
        this.content = content;
        this.work = work;
        this.gateways = gateways.isEmpty() ? Optional.empty() : Optional.of(new GatewayClient(gateways));
        this.mostPerFile = mostPerFile;
        this.mostPerPrincipal = mostPerPrincipal;
        this.clock = clock;
    }

    /**
     * Stores a file that a principal sent. Private: it is published later, or not at all.
     *
     * @throws io.bitdelta.engine.EngineInputException when it is no delta file
     * @throws QuotaException when the principal has no room for it
     * @throws IOException when it cannot be read or stored
     */
    public Cid accept(String principal, Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes > mostPerFile) {
            throw new QuotaException(principal, bytes, mostPerFile);
        }
        try (DeltaFile delta = DeltaFile.open(file)) {
            String label = "upload %s by %s".formatted(delta.fileHash().hex(), principal);
            requireRoom(principal, bytes);
            Cid cid = stored(file, label);
            note(principal, cid, bytes);
            return cid;
        }
    }

    private void requireRoom(String principal, long bytes) {
        long had = database.sql()
                .select(coalesce(sum(BYTES), BigDecimal.ZERO))
                .from(UPLOAD)
                .where(PRINCIPAL.eq(principal))
                .fetchSingle()
                .value1()
                .longValueExact();
        if (had + bytes > mostPerPrincipal) {
            throw new QuotaException(principal, had + bytes, mostPerPrincipal);
        }
    }

    private void note(String principal, Cid cid, long bytes) {
        database.transaction(sql -> {
            RowCounter.next(sql, "upload");
            return sql.insertInto(UPLOAD)
                    .set(PRINCIPAL, principal)
                    .set(CID, cid.toString())
                    .set(BYTES, bytes)
                    .set(AT_S, clock.instant().getEpochSecond())
                    .onConflictDoNothing()
                    .execute();
        });
    }

    private Cid stored(Path file, String label) throws IOException {
        try (TraceStep step = TraceStep.begin("store import")) {
            step.with("bitdelta.bytes", Files.size(file));
            return content.addFile(file, label, Visibility.PRIVATE).root();
        }
    }

    /**
     * A file by its CID, checked to be a delta file: from the store, else from the gateways.
     *
     * @return its place in the work folder; the caller deletes it
     * @throws PublishRefusedException when it is neither here nor may be fetched, or is too large
     * @throws io.bitdelta.engine.EngineInputException when it is no delta file
     * @throws IOException when gateways or store fail
     */
    Path fetch(String principal, Cid cid, String name) throws IOException {
        Path target = work.resolve(name + ".delta");
        Files.deleteIfExists(target);
        if (content.blocks().has(cid)) {
            try (TraceStep step = TraceStep.begin("store read")) {
                step.with("bitdelta.bytes", content.fetch(cid, target));
            }
            return target;
        }
        GatewayClient client = gateways.orElseThrow(() -> new PublishRefusedException(
                "%s is not in this node's store, and no gateways are configured (publish.gateways): upload the file"
                        .formatted(cid)));
        long bytes = client.fetch(cid, target, mostPerFile);
        try (DeltaFile delta = DeltaFile.open(target)) {
            requireRoom(principal, bytes);
            String label = "upload %s by %s".formatted(delta.fileHash().hex(), principal);
            try (TraceStep step = TraceStep.call("gateway fetch")) {
                step.with("bitdelta.bytes", bytes);
                content.pinFrom(client, cid, Pin.Kind.RECURSIVE, label, Visibility.PRIVATE);
            }
            note(principal, cid, bytes);
        }
        return target;
    }

    /** Lets go of a file that was not published: it no longer counts, and the next collection removes it. */
    void forget(String principal, Cid cid) throws IOException {
        for (Pin pin : content.pins().of(cid)) {
            if (pin.visibility() == Visibility.PRIVATE && pin.name().endsWith(" by " + principal)) {
                content.pins().remove(cid, pin.name());
            }
        }
        database.sql()
                .deleteFrom(UPLOAD)
                .where(PRINCIPAL.eq(principal), CID.eq(cid.toString()))
                .execute();
    }
}
