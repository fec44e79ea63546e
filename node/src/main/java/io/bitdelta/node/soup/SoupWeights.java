package io.bitdelta.node.soup;

import static io.bitdelta.node.store.Schema.END_E9;
import static io.bitdelta.node.store.Schema.MANIFEST_DIGEST;
import static io.bitdelta.node.store.Schema.PAYEES;
import static io.bitdelta.node.store.Schema.SOUP;
import static io.bitdelta.node.store.Schema.SOUP_ID;
import static io.bitdelta.node.store.Schema.START_E9;
import static io.bitdelta.node.store.Schema.WEIGHTS_ROOT;
import static io.bitdelta.node.store.Schema.WEIGHTS_RULE;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.manifest.ManifestException;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.lookup.DeltaLookup;
import io.bitdelta.node.store.Database;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/**
 * Who is paid by which soup, own and foreign ones alike. A foreign soup's weights are rebuilt from what its manifest
 * names, and believed only when their root is the one on the chain; then they are kept.
 */
public final class SoupWeights {
    private static final Table<Record> SOUP_WEIGHT = table(name("soup_weight"));
    private static final Field<Long> LEAF = field(name("leaf"), Long.class);
    private static final Field<Integer> KIND = field(name("kind"), Integer.class);
    private static final Field<String> WHO = field(name("who"), String.class);
    private static final int UNIFORM = 1;

    private final Database database;
    private final SoupPlans plans;
    private final ContentStore content;
    private final DeltaLookup deltas;

    /**
     * @param database that the indexer writes
     * @param plans of soups proposed here
     * @param content where manifests are; those of foreign soups must have been pinned before
     * @param deltas whose members are
     */
    public SoupWeights(Database database, SoupPlans plans, ContentStore content, DeltaLookup deltas) {
        this.database = database;
        this.plans = plans;
        this.content = content;
        this.deltas = deltas;
    }

    /** What the chain says of a soup's weights. */
    private record Claimed(Bytes32 soupId, Hash32 root, long payees, int rule, Bytes32 manifest) {}

    /**
     * A soup's weights.
     *
     * @throws WeightsUnknownException when the soup is unknown here, or its weights are withheld or not the ones on chain
     */
    public WeightTree of(Bytes32 soupId) {
        return stored(soupId).orElseGet(() -> keep(claimed(soupId)));
    }

    /** A soup's weights, if they are here already. */
    public Optional<WeightTree> stored(Bytes32 soupId) {
        List<WeightTree.Share> shares = database.sql()
                .select(KIND, WHO, START_E9, END_E9)
                .from(SOUP_WEIGHT)
                .where(SOUP_ID.eq(soupId.hex()))
                .orderBy(LEAF)
                .fetch(row -> share(row.get(KIND), row.get(WHO), row.get(START_E9), row.get(END_E9)));
        return shares.isEmpty() ? Optional.empty() : Optional.of(new WeightTree(shares));
    }

    /**
     * Reads the weights of all indexed soups that are not here yet.
     *
     * @return why some are still unknown; they are tried again next time
     */
    public List<WeightsUnknownException> gather() {
        List<WeightsUnknownException> unknown = new ArrayList<>();
        List<String> missing = database.sql()
                .select(SOUP_ID)
                .from(SOUP)
                .whereNotExists(database.sql()
                        .selectOne()
                        .from(SOUP_WEIGHT)
                        .where(field(name("soup_weight", "soup_id"), String.class)
                                .eq(field(name("soup", "soup_id"), String.class))))
                .orderBy(SOUP_ID)
                .fetch(SOUP_ID);
        for (String soupId : missing) {
            try {
                keep(claimed(Bytes32.of(soupId)));
            } catch (WeightsUnknownException withheld) {
                unknown.add(withheld);
            }
        }
        return unknown;
    }

    /** Soups with known weights that pay an identity. */
    public List<Bytes32> paying(EvmAddress identity) {
        return paying(WeightTree.Kind.IDENTITY, identity.hex());
    }

    /** Soups with known weights that pay another soup. */
    public List<Bytes32> paying(Bytes32 parent) {
        return paying(WeightTree.Kind.SOUP, parent.hex());
    }

    private List<Bytes32> paying(WeightTree.Kind kind, String who) {
        return database.sql()
                .selectDistinct(SOUP_ID)
                .from(SOUP_WEIGHT)
                .where(WHO.eq(who), KIND.eq(kind.code()))
                .orderBy(SOUP_ID)
                .fetch(row -> Bytes32.of(row.get(SOUP_ID)));
    }

    private Claimed claimed(Bytes32 soupId) {
        return database.sql()
                .select(WEIGHTS_ROOT, PAYEES, WEIGHTS_RULE, MANIFEST_DIGEST)
                .from(SOUP)
                .where(SOUP_ID.eq(soupId.hex()))
                .fetchOptional()
                .map(row -> new Claimed(
                        soupId,
                        Hash32.ofHex(row.get(WEIGHTS_ROOT)),
                        row.get(PAYEES),
                        row.get(WEIGHTS_RULE),
                        Bytes32.of(row.get(MANIFEST_DIGEST))))
                .orElseThrow(() -> new WeightsUnknownException("no soup %s on this registry".formatted(soupId)));
    }

    private WeightTree keep(Claimed claimed) {
        WeightTree weights = plans.weights(claimed.soupId()).orElseGet(() -> rebuilt(claimed));
        if (weights.shares().size() != claimed.payees() || !weights.root().equals(claimed.root())) {
            throw new WeightsUnknownException(
                    "soup %s: the weights that it publishes have %d payees and root %s, the chain says %d and %s"
                            .formatted(
                                    claimed.soupId(),
                                    weights.shares().size(),
                                    weights.root(),
                                    claimed.payees(),
                                    claimed.root()));
        }
        database.transaction(sql -> {
            long leaf = 0;
            for (WeightTree.Share share : weights.shares()) {
                sql.insertInto(SOUP_WEIGHT)
                        .set(SOUP_ID, claimed.soupId().hex())
                        .set(LEAF, leaf++)
                        .set(KIND, share.kind().code())
                        .set(WHO, WeightList.who(share))
                        .set(START_E9, share.start())
                        .set(END_E9, share.end())
                        .onConflictDoNothing()
                        .execute();
            }
            return leaf;
        });
        return weights;
    }

    private WeightTree rebuilt(Claimed claimed) {
        Bytes32 soupId = claimed.soupId();
        try {
            Manifest manifest = Manifest.parse(
                    BoundedBytes.read(content, Cid.rawSha256(claimed.manifest().bytes()), Manifest.MAX_BYTES));
            JsonObject section = manifest.section("soup")
                    .orElseThrow(() ->
                            new WeightsUnknownException("soup %s: its manifest has no section soup".formatted(soupId)));
            Optional<String> list = section.optionalText("weightsCid");
            if (list.isPresent()) {
                return new WeightTree(
                        WeightList.parse(BoundedBytes.read(content, Cid.parse(list.get()), WeightList.MAX_BYTES))
                                .shares());
            }
            if (claimed.rule() != UNIFORM) {
                throw new WeightsUnknownException(
                        "soup %s: its weights are attested, and its manifest names no list of them".formatted(soupId));
            }
            return WeightTree.uniform(identities(
                    soupId,
                    MemberList.parse(
                            BoundedBytes.read(content, Cid.parse(section.text("membersCid")), MemberList.MAX_BYTES))));
        } catch (IOException | ManifestException | JsonException | IllegalArgumentException unreadable) {
            throw new WeightsUnknownException(
                    "soup %s: its weights cannot be read (%s): pin its manifest and what it names, then try again"
                            .formatted(soupId, unreadable.getMessage()),
                    unreadable);
        }
    }

    private List<byte[]> identities(Bytes32 soupId, MemberList members) {
        return members.entries().stream()
                .map(entry -> deltas.byId(entry.deltaId())
                        .map(delta -> LuxDid.parse(delta.did()).address().bytes())
                        .orElseThrow(() -> new WeightsUnknownException(
                                "soup %s: its member %s was never published".formatted(soupId, entry.deltaId()))))
                .toList();
    }

    private static WeightTree.Share share(int kind, String who, long start, long end) {
        WeightTree.Kind known = Arrays.stream(WeightTree.Kind.values())
                .filter(candidate -> candidate.code() == kind)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no kind of payee has number " + kind));
        return known == WeightTree.Kind.SOUP
                ? new WeightTree.Share(known, Hash32.ofHex(who), start, end)
                : WeightTree.Share.identity(HexText.parse(who), start, end);
    }
}
