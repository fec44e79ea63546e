package io.bitdelta.node.royalty;

import static io.bitdelta.node.royalty.RoyaltyTables.*;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.store.Database;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;

/**
 * Counts what payers owe to soups for use. Records are only ever added; a channel's total is the sum of its records, and
 * both are written in one transaction.
 */
public final class UsageMeter {
    private static final List<Field<?>> COLUMNS = List.of(
            PAYER,
            REQUEST_ID,
            SOUP_ID,
            TOKEN,
            ORDINAL,
            PRINCIPAL,
            DELTA_ID,
            UNITS,
            UNIT_PRICE,
            AMOUNT,
            METERED_AFTER,
            USED_AT_S);

    private final Database database;
    private final Clock clock;

    /** @param clock stamps records; no amount depends on it */
    public UsageMeter(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * A use as it is kept.
     *
     * @param usage what was used
     * @param ordinal its place in the channel, from 1
     * @param meteredAfter what the payer owed to the soup from its first use to this one
     * @param usedAt when it was recorded
     */
    public record Metered(Usage usage, long ordinal, BigInteger meteredAfter, Instant usedAt) {}

    /**
     * Records a use; durable on return. The same request again changes nothing and returns what was recorded.
     *
     * @throws UsageConflictException when the request was recorded with other content
     * @throws RoyaltyInputException when the channel's total would pass what a voucher can hold
     */
    public Metered record(Usage usage) {
        return database.transaction(sql -> {
            Channel channel = usage.channel();
            lock(sql, channel.payer().hex(), channel.token().hex());
            Optional<Metered> before = find(sql, channel.payer(), usage.requestId());
            if (before.isPresent()) {
                return same(before.get(), usage);
            }
            return append(sql, usage);
        });
    }

    private static Metered same(Metered before, Usage usage) {
        if (!before.usage().equals(usage)) {
            throw new UsageConflictException("request %s of payer %s was metered before: %d units at %s for %s"
                    .formatted(
                            usage.requestId(),
                            usage.channel().payer(),
                            before.usage().units(),
                            before.usage().unitPrice(),
                            before.usage().channel()));
        }
        return before;
    }

    private Metered append(DSLContext sql, Usage usage) {
        Channel channel = usage.channel();
        sql.insertInto(USAGE_CHANNEL, SOUP_ID, TOKEN, PAYER, RECORDS, METERED)
                .values(
                        channel.soupId().hex(),
                        channel.token().hex(),
                        channel.payer().hex(),
                        0L,
                        "0")
                .onConflictDoNothing()
                .execute();
        Record total = sql.select(RECORDS, METERED)
                .from(USAGE_CHANNEL)
                .where(in(channel))
                .fetchSingle();
        long ordinal = total.get(RECORDS) + 1;
        BigInteger after = new BigInteger(total.get(METERED)).add(usage.amount());
        if (after.compareTo(MOST) > 0) {
            throw new RoyaltyInputException("%s: with request %s the total would be %s, more than a voucher can hold"
                    .formatted(channel, usage.requestId(), after));
        }
        Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
        sql.insertInto(USAGE_RECORD)
                .set(PAYER, channel.payer().hex())
                .set(REQUEST_ID, usage.requestId())
                .set(SOUP_ID, channel.soupId().hex())
                .set(TOKEN, channel.token().hex())
                .set(ORDINAL, ordinal)
                .set(PRINCIPAL, usage.principal())
                .set(DELTA_ID, usage.deltaId().hex())
                .set(UNITS, usage.units())
                .set(UNIT_PRICE, usage.unitPrice().toString())
                .set(AMOUNT, usage.amount().toString())
                .set(METERED_AFTER, after.toString())
                .set(USED_AT_S, now.getEpochSecond())
                .execute();
        sql.update(USAGE_CHANNEL)
                .set(RECORDS, ordinal)
                .set(METERED, after.toString())
                .where(in(channel))
                .execute();
        return new Metered(usage, ordinal, after, now);
    }

    /** What a payer owes to a soup for all metered use, paid or not. */
    public BigInteger metered(Channel channel) {
        return database.sql()
                .select(METERED)
                .from(USAGE_CHANNEL)
                .where(in(channel))
                .fetchOptional(METERED)
                .map(BigInteger::new)
                .orElse(BigInteger.ZERO);
    }

    /** The channels of a payer that have metered use, in ascending order. */
    public List<Channel> channels(EvmAddress payer) {
        return database.sql()
                .select(SOUP_ID, TOKEN, PAYER)
                .from(USAGE_CHANNEL)
                .where(PAYER.eq(payer.hex()))
                .orderBy(SOUP_ID, TOKEN)
                .fetch(UsageMeter::channel);
    }

    /** Records of a channel after a given ordinal, oldest first. */
    public List<Metered> records(Channel channel, long after, int most) {
        return database.sql()
                .select(COLUMNS)
                .from(USAGE_RECORD)
                .where(in(channel))
                .and(ORDINAL.gt(after))
                .orderBy(ORDINAL)
                .limit(most)
                .fetch(UsageMeter::metered);
    }

    private static Optional<Metered> find(DSLContext sql, EvmAddress payer, String requestId) {
        return sql.select(COLUMNS)
                .from(USAGE_RECORD)
                .where(PAYER.eq(payer.hex()), REQUEST_ID.eq(requestId))
                .fetchOptional(UsageMeter::metered);
    }

    private static Metered metered(Record row) {
        return new Metered(
                new Usage(
                        channel(row),
                        row.get(REQUEST_ID),
                        row.get(PRINCIPAL),
                        Bytes32.of(row.get(DELTA_ID)),
                        row.get(UNITS),
                        new BigInteger(row.get(UNIT_PRICE))),
                row.get(ORDINAL),
                new BigInteger(row.get(METERED_AFTER)),
                Instant.ofEpochSecond(row.get(USED_AT_S)));
    }

    static Channel channel(Record row) {
        return new Channel(Bytes32.of(row.get(SOUP_ID)), EvmAddress.of(row.get(TOKEN)), EvmAddress.of(row.get(PAYER)));
    }
}
