package io.bitdelta.node.soup;

import static io.bitdelta.node.store.Schema.CREATED_AT;
import static io.bitdelta.node.store.Schema.DEADLINE;
import static io.bitdelta.node.store.Schema.END_E9;
import static io.bitdelta.node.store.Schema.IDENTITY;
import static io.bitdelta.node.store.Schema.INTENT;
import static io.bitdelta.node.store.Schema.MEMBER_IDS;
import static io.bitdelta.node.store.Schema.PAYEE;
import static io.bitdelta.node.store.Schema.PAYEE_COLUMNS;
import static io.bitdelta.node.store.Schema.PAYEE_INDEX;
import static io.bitdelta.node.store.Schema.SNAPSHOT;
import static io.bitdelta.node.store.Schema.SOUP_ID;
import static io.bitdelta.node.store.Schema.SOUP_PLAN;
import static io.bitdelta.node.store.Schema.SOUP_PLAN_COLUMNS;
import static io.bitdelta.node.store.Schema.START_E9;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.node.store.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stored inputs of soups, and who is paid by those proposed here. */
public final class SoupPlans {
    private final Database database;

    /** @param database where they are kept */
    public SoupPlans(Database database) {
        this.database = database;
    }

    /**
     * Inputs of one soup.
     *
     * @param memberIds ascending delta ids
     * @param createdAt goes into the manifest
     * @param snapshot chain time as of which members qualify
     * @param deadline of the consents, Unix seconds
     * @param soupId what was proposed, or is about to be
     */
    record Plan(
            String intent,
            List<String> memberIds,
            Instant createdAt,
            long snapshot,
            long deadline,
            @Nullable Bytes32 soupId) {}

    Optional<Plan> find(String intent) {
        return database.sql()
                .select(SOUP_PLAN_COLUMNS)
                .from(SOUP_PLAN)
                .where(INTENT.eq(intent))
                .fetchOptional()
                .map(row -> new Plan(
                        row.get(INTENT),
                        List.of(row.get(MEMBER_IDS).split(" ", -1)),
                        Instant.parse(row.get(CREATED_AT)),
                        row.get(SNAPSHOT),
                        row.get(DEADLINE),
                        row.get(SOUP_ID) == null ? null : Bytes32.of(row.get(SOUP_ID))));
    }

    /** Stores the inputs of an intent, unless another thread or node was first: then the result is what that one chose. */
    Plan insert(Plan plan) {
        database.sql()
                .insertInto(SOUP_PLAN)
                .set(INTENT, plan.intent())
                .set(MEMBER_IDS, String.join(" ", plan.memberIds()))
                .set(CREATED_AT, plan.createdAt().toString())
                .set(SNAPSHOT, plan.snapshot())
                .set(DEADLINE, plan.deadline())
                .onConflictDoNothing()
                .execute();
        return find(plan.intent()).orElseThrow();
    }

    /** The snapshot grew too old before anything was sent: other times, and no consent for them yet. */
    Plan renew(Plan stale, long snapshot, long deadline) {
        database.transaction(sql -> {
            ConsentBook.forget(sql, stale.intent());
            return sql.update(SOUP_PLAN)
                    .set(SNAPSHOT, snapshot)
                    .set(DEADLINE, deadline)
                    .setNull(SOUP_ID)
                    .where(INTENT.eq(stale.intent()))
                    .execute();
        });
        return find(stale.intent()).orElseThrow();
    }

    /** Notes what is about to be proposed, and who it pays. */
    void proposing(String intent, Bytes32 soupId, List<Payee> payees) {
        database.transaction(sql -> {
            for (Payee payee : payees) {
                sql.insertInto(PAYEE)
                        .set(SOUP_ID, soupId.hex())
                        .set(PAYEE_INDEX, payee.index())
                        .set(IDENTITY, payee.identity())
                        .set(START_E9, payee.start())
                        .set(END_E9, payee.end())
                        .onConflictDoNothing()
                        .execute();
            }
            return sql.update(SOUP_PLAN)
                    .set(SOUP_ID, soupId.hex())
                    .where(INTENT.eq(intent))
                    .execute();
        });
    }

    /** The weights of a soup that was proposed here, with proofs, in leaf order; empty for a foreign soup. */
    public List<Payee> payees(Bytes32 soupId) {
        return weights(soupId).map(Payee::all).orElse(List.of());
    }

    /** The weights of a soup that was proposed here. */
    Optional<WeightTree> weights(Bytes32 soupId) {
        List<WeightTree.Share> shares = database.sql()
                .select(PAYEE_COLUMNS)
                .from(PAYEE)
                .where(SOUP_ID.eq(soupId.hex()))
                .orderBy(PAYEE_INDEX)
                .fetch(row -> WeightTree.Share.identity(
                        HexText.parse(row.get(IDENTITY)), row.get(START_E9), row.get(END_E9)));
        return shares.isEmpty() ? Optional.empty() : Optional.of(new WeightTree(shares));
    }

    /** The soups proposed here that pay an identity. */
    public List<Bytes32> soupsPaying(EvmAddress identity) {
        return database.sql()
                .selectDistinct(SOUP_ID)
                .from(PAYEE)
                .where(IDENTITY.eq(identity.hex()))
                .orderBy(SOUP_ID)
                .fetch(row -> Bytes32.of(row.get(SOUP_ID)));
    }
}
