package io.bitdelta.node.soup;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.table;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.lookup.IndexTables;
import io.bitdelta.node.store.Database;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;

/** All soups on the registry, as the index tells of them. */
public final class SoupRegister {
    private static final Table<Record> SOUP = table(name("soup"));
    private static final Field<String> SOUP_ID = text("soup_id");
    private static final Field<String> PROPOSER = text("proposer");
    private static final Field<String> BASE_HASH = text("base_hash");
    private static final Field<String> MEMBERS_ROOT = text("members_root");
    private static final Field<String> WEIGHTS_ROOT = text("weights_root");
    private static final Field<String> MANIFEST_DIGEST = text("manifest_digest");
    private static final Field<Long> MEMBERS = number("members");
    private static final Field<Long> BYZANTINE = number("byzantine");
    private static final Field<Long> PAYEES = number("payees");
    private static final Field<Integer> RULE = small("rule");
    private static final Field<Integer> WEIGHTS_RULE = small("weights_rule");
    private static final Field<Long> CLOSES_AT = number("closes_at_s");
    private static final Field<Long> BLOCK = number("block_number");
    private static final Field<Integer> LOG_INDEX = small("log_index");
    private static final Field<String> TX = text("tx_hash");
    private static final Field<String> CHALLENGER = text("challenger");
    private static final Field<String> REASON = text("reason");
    private static final Field<String> TO_CHALLENGER = text("to_challenger");
    private static final Field<String> BURNT = text("burnt");
    private static final Field<Boolean> FINAL = field(exists(of("soup_final"))).as("is_final");
    private static final Field<Boolean> SLASHED = field(exists(of("slash"))).as("is_slashed");
    private static final List<Field<?>> COLUMNS = List.of(
            SOUP_ID,
            PROPOSER,
            BASE_HASH,
            MEMBERS_ROOT,
            WEIGHTS_ROOT,
            MANIFEST_DIGEST,
            MEMBERS,
            BYZANTINE,
            PAYEES,
            RULE,
            WEIGHTS_RULE,
            CLOSES_AT,
            BLOCK,
            LOG_INDEX,
            TX,
            FINAL,
            SLASHED);

    private final Database database;

    /** @param database that the indexer writes */
    public SoupRegister(Database database) {
        this.database = database;
    }

    /**
     * A soup; hashes are 0x-hex.
     *
     * @param id the contract's key
     * @param status proposed, final or slashed
     * @param proposer whose bond stands behind it
     * @param manifest CID of its manifest
     * @param rule majority or certified
     * @param byzantine members that may lie under the certified rule
     * @param weightsRule uniform or attested
     * @param closesAt from when it could first be made final
     * @param tx proposing transaction
     * @param cursor names this soup as the end of a page
     */
    public record Entry(
            String id,
            String status,
            String proposer,
            String baseHash,
            String membersRoot,
            String weightsRoot,
            String manifest,
            long members,
            long payees,
            String rule,
            long byzantine,
            String weightsRule,
            String closesAt,
            long block,
            String tx,
            String cursor) {}

    /**
     * Soups in the order of their proposals.
     *
     * @param after the cursor of an earlier page's last soup; empty for the first page
     * @throws IllegalArgumentException when that is no cursor
     */
    public List<Entry> page(String after, int most) {
        return where(after.isEmpty() ? noCondition() : later(after), most);
    }

    /**
     * How a soup was slashed.
     *
     * @param by who showed that it was wrong
     * @param reason the contract's word for what was shown
     * @param reward wei that they got; the rest of the bond was burnt
     */
    public record Slash(String by, String reason, String reward, String burnt, long block, String tx) {}

    /** How a soup was slashed, if it was. */
    public Optional<Slash> slash(Bytes32 soupId) {
        return database.reads()
                .select(CHALLENGER, REASON, TO_CHALLENGER, BURNT, BLOCK, TX)
                .from(IndexTables.SLASH)
                .where(SOUP_ID.eq(soupId.hex()))
                .fetchOptional(row -> new Slash(
                        row.get(CHALLENGER),
                        word(row.get(REASON)),
                        row.get(TO_CHALLENGER),
                        row.get(BURNT),
                        row.get(BLOCK),
                        row.get(TX)));
    }

    /** Solidity keeps short words left-aligned in 32 bytes. */
    private static String word(String bytes32) {
        return new String(Bytes32.of(bytes32).bytes(), StandardCharsets.US_ASCII).replace("\0", "");
    }

    /** One soup. */
    public Optional<Entry> find(Bytes32 soupId) {
        return where(SOUP_ID.eq(soupId.hex()), 1).stream().findFirst();
    }

    private static Condition later(String cursor) {
        String[] parts = cursor.split("-", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("\"" + cursor + "\" is no cursor");
        }
        long block = Long.parseLong(parts[0]);
        int logIndex = Integer.parseInt(parts[1]);
        return BLOCK.gt(block).or(BLOCK.eq(block).and(LOG_INDEX.gt(logIndex)));
    }

    private List<Entry> where(Condition which, int most) {
        return database.reads()
                .select(COLUMNS)
                .from(SOUP)
                .where(which)
                .orderBy(BLOCK, LOG_INDEX)
                .limit(most)
                .fetch(SoupRegister::entry);
    }

    private static Entry entry(Record row) {
        return new Entry(
                row.get(SOUP_ID),
                row.get(SLASHED) ? "slashed" : row.get(FINAL) ? "final" : "proposed",
                row.get(PROPOSER),
                row.get(BASE_HASH),
                row.get(MEMBERS_ROOT),
                row.get(WEIGHTS_ROOT),
                Cid.rawSha256(Bytes32.of(row.get(MANIFEST_DIGEST)).bytes()).toString(),
                row.get(MEMBERS),
                row.get(PAYEES),
                row.get(RULE) == 2 ? "certified" : "majority",
                row.get(BYZANTINE),
                row.get(WEIGHTS_RULE) == 2 ? "attested" : "uniform",
                Instant.ofEpochSecond(row.get(CLOSES_AT)).toString(),
                row.get(BLOCK),
                row.get(TX),
                row.get(BLOCK) + "-" + row.get(LOG_INDEX));
    }

    private static Select<?> of(String events) {
        return selectOne()
                .from(table(name(events)))
                .where(field(name(events, "soup_id"), String.class).eq(field(name("soup", "soup_id"), String.class)));
    }

    private static Field<String> text(String column) {
        return field(name(column), String.class);
    }

    private static Field<Long> number(String column) {
        return field(name(column), Long.class);
    }

    private static Field<Integer> small(String column) {
        return field(name(column), Integer.class);
    }
}
