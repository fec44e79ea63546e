package io.bitdelta.node.cli.bench;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.Schema;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Rows of an index, of identities that nobody has: each has one change of its controller and one delta. */
final class BenchIdentities {
    static final long FIRST_TIME_S = 1_700_000_000L;

    private static final int BATCH = 1000;
    private static final String ZEROS = "0x" + "0".repeat(64);
    private static final List<Field<?>> OWNER_COLUMNS = List.of(
            Schema.IDENTITY,
            Schema.KIND,
            Schema.NAME,
            Schema.VALUE,
            DSL.field(DSL.name("previous_change"), String.class),
            Schema.BLOCK_NUMBER,
            Schema.LOG_INDEX,
            Schema.TX_HASH,
            Schema.TIME_S);

    private final Database database;
    private final int count;

    BenchIdentities(Database database, int count) {
        this.database = database;
        this.count = count;
    }

    static EvmAddress address(long number) {
        return EvmAddress.of(
                Arrays.copyOf(Keccak256.ofText("bench account " + number).bytes(), EvmAddress.LENGTH));
    }

    static String hex(String kind, long number) {
        return Keccak256.ofText("bench " + kind + " " + number).hex();
    }

    /** @param block in which an identity, by its number, appeared */
    void fill(LongUnaryOperator block) {
        for (int from = 0; from < count; from += BATCH) {
            int start = from;
            int end = Math.min(from + BATCH, count);
            database.transaction(sql -> {
                Object[][] owners = new Object[end - start][];
                Object[][] deltas = new Object[end - start][];
                for (int i = start; i < end; i++) {
                    String identity = address(i).hex();
                    long number = block.applyAsLong(i);
                    owners[i - start] = owner(identity, address(i + 1L).hex(), number, i);
                    deltas[i - start] = new Object[] {
                        hex("delta", i),
                        identity,
                        ZEROS,
                        hex("root", i),
                        hex("manifest", i),
                        ZEROS,
                        ZEROS,
                        0,
                        1,
                        ZEROS,
                        number,
                        i,
                        hex("tx", i),
                        FIRST_TIME_S + i
                    };
                }
                insertOwners(sql, owners);
                sql.batch(sql.insertInto(Schema.DELTA)
                                .columns(Schema.DELTA_COLUMNS)
                                .values(Collections.nCopies(Schema.DELTA_COLUMNS.size(), (Object) null)))
                        .bind(deltas)
                        .execute();
                return 0;
            });
        }
    }

    static Object[] owner(String identity, String owner, long block, int logIndex) {
        return new Object[] {identity, "owner", "", owner, "0", block, logIndex, hex("tx", block), FIRST_TIME_S + block
        };
    }

    static void insertOwners(DSLContext sql, Object[][] rows) {
        sql.batch(sql.insertInto(Schema.IDENTITY_EVENT)
                        .columns(OWNER_COLUMNS)
                        .values(Collections.nCopies(OWNER_COLUMNS.size(), (Object) null)))
                .bind(rows)
                .execute();
    }
}
