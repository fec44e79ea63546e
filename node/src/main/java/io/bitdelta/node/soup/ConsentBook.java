package io.bitdelta.node.soup;

import static io.bitdelta.node.store.Schema.CONSENT;
import static io.bitdelta.node.store.Schema.DEADLINE;
import static io.bitdelta.node.store.Schema.DELTA_ID;
import static io.bitdelta.node.store.Schema.IDENTITY;
import static io.bitdelta.node.store.Schema.SIGNATURE;
import static io.bitdelta.node.store.Schema.SOUP_INTENT;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.table;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.typed.SoupConsentMessage;
import io.bitdelta.node.store.Database;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** The rows of consents: what was asked, and what was signed. */
final class ConsentBook {
    private static final Table<Record> REQUEST = table(name("consent_request"));
    private static final Field<String> SOUP_NAME = field(name("soup_name"), String.class);
    private static final Field<String> TERMS_HASH = field(name("terms_hash"), String.class);
    private static final Field<Boolean> GIVEN = field(exists(selectOne()
                    .from(CONSENT)
                    .where(
                            of("consent", SOUP_INTENT).eq(of("consent_request", SOUP_INTENT)),
                            of("consent", DELTA_ID).eq(of("consent_request", DELTA_ID)))))
            .as("is_given");

    private final Database database;

    ConsentBook(Database database) {
        this.database = database;
    }

    private static Field<String> of(String table, Field<String> column) {
        return field(name(table, column.getName()), String.class);
    }

    /** Stores what owners are asked; what they were asked before stays. */
    void ask(List<ConsentRequest> requests) {
        database.transaction(sql -> {
            int asked = 0;
            for (ConsentRequest request : requests) {
                asked += sql.insertInto(REQUEST)
                        .set(SOUP_INTENT, request.intent())
                        .set(DELTA_ID, request.message().deltaId().hex())
                        .set(IDENTITY, request.identity().hex())
                        .set(SOUP_NAME, request.name())
                        .set(TERMS_HASH, request.message().termsHash().hex())
                        .set(DEADLINE, request.message().deadline())
                        .onConflictDoNothing()
                        .execute();
            }
            return asked;
        });
    }

    /** What is asked of a member's owner. */
    Optional<ConsentRequest> request(String intent, Bytes32 deltaId) {
        return requests(SOUP_INTENT.eq(intent).and(DELTA_ID.eq(deltaId.hex())), 1).stream()
                .findFirst();
    }

    /** All requests of a soup, by ascending id of the member. */
    List<ConsentRequest> requests(String intent) {
        return requests(SOUP_INTENT.eq(intent), Integer.MAX_VALUE);
    }

    /** Requests to an identity that can still be answered and were not, with the nearest deadline first. */
    List<ConsentRequest> open(EvmAddress identity, long now, int most) {
        return requests(
                IDENTITY.eq(identity.hex())
                        .and(DEADLINE.ge(now))
                        .andNotExists(selectOne()
                                .from(CONSENT)
                                .where(
                                        of("consent", SOUP_INTENT).eq(of("consent_request", SOUP_INTENT)),
                                        of("consent", DELTA_ID).eq(of("consent_request", DELTA_ID)))),
                most);
    }

    private List<ConsentRequest> requests(Condition which, int most) {
        return database.sql()
                .select(SOUP_INTENT, SOUP_NAME, DELTA_ID, IDENTITY, TERMS_HASH, DEADLINE, GIVEN)
                .from(REQUEST)
                .where(which)
                .orderBy(DEADLINE, DELTA_ID)
                .limit(most)
                .fetch(row -> new ConsentRequest(
                        row.get(SOUP_INTENT),
                        row.get(SOUP_NAME),
                        EvmAddress.of(row.get(IDENTITY)),
                        new SoupConsentMessage(
                                Bytes32.of(row.get(DELTA_ID)), Bytes32.of(row.get(TERMS_HASH)), row.get(DEADLINE)),
                        row.get(GIVEN)));
    }

    /** The signature of a member's owner, 0x-hex. */
    Optional<String> signature(String intent, Bytes32 deltaId) {
        return database.sql()
                .select(SIGNATURE)
                .from(CONSENT)
                .where(SOUP_INTENT.eq(intent), DELTA_ID.eq(deltaId.hex()))
                .fetchOptional(SIGNATURE);
    }

    /** Keeps a signature; the first one stays. */
    void keep(String intent, Bytes32 deltaId, String signature) {
        database.sql()
                .insertInto(CONSENT)
                .set(SOUP_INTENT, intent)
                .set(DELTA_ID, deltaId.hex())
                .set(SIGNATURE, signature)
                .onConflictDoNothing()
                .execute();
    }

    /** Forgets what was asked and signed for an intent, whose times have become too old. */
    static void forget(DSLContext sql, String intent) {
        sql.deleteFrom(CONSENT).where(SOUP_INTENT.eq(intent)).execute();
        sql.deleteFrom(REQUEST).where(SOUP_INTENT.eq(intent)).execute();
    }
}
