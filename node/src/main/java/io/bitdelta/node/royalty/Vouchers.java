package io.bitdelta.node.royalty;

import static io.bitdelta.node.royalty.RoyaltyTables.*;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.attestation.typed.VoucherMessage;
import io.bitdelta.node.publish.OwnerSigner;
import io.bitdelta.node.royalty.VoucherRefusedException.Reason;
import io.bitdelta.node.store.Database;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * Vouchers: "all that I owe to this soup so far". They are stored before anybody sees them; within a channel amounts only
 * rise, so the newest replaces all earlier ones, here and in the contract. No voucher is stored that the payer's escrow
 * does not cover together with the payer's other open ones.
 */
public final class Vouchers {
    /** A voucher that ends sooner could not be settled with certainty. */
    static final long SHORTEST_SECONDS = 600;

    private final Database database;
    private final RoyaltiesContract contract;
    private final UsageMeter meter;

    /** @param meter what is owed */
    public Vouchers(Database database, RoyaltiesContract contract, UsageMeter meter) {
        this.database = database;
        this.contract = contract;
        this.meter = meter;
    }

    /**
     * The voucher for all metered use of a channel, signed by its payer. When the newest one says so already and lasts
     * long enough, it is that one, byte for byte.
     *
     * @param payer whose key is here: the node itself
     * @throws VoucherRefusedException when nothing is owed, the escrow does not cover it, or the soup is not final
     */
    public SignedVoucher issue(Channel channel, OwnerSigner payer) {
        BigInteger owed = meter.metered(channel);
        if (owed.signum() == 0) {
            throw new VoucherRefusedException(Reason.NOTHING_OWED, "%s: no use was metered".formatted(channel));
        }
        long now = contract.chainTime();
        Optional<SignedVoucher> newest = newest(channel);
        if (newest.isPresent()
                && newest.get().message().cumulative().compareTo(owed) >= 0
                && newest.get().message().expiry() >= now + contract.escrowDelay() / 2) {
            return newest.get();
        }
        BigInteger cumulative =
                newest.map(voucher -> voucher.message().cumulative().max(owed)).orElse(owed);
        VoucherMessage message = new VoucherMessage(
                channel.soupId(), channel.token(), channel.payer(), cumulative, now + contract.escrowDelay());
        SignedVoucher voucher = new SignedVoucher(message, payer.sign(message.digest(contract.domain())));
        requireSigned(voucher);
        return store(voucher, now, true);
    }

    /**
     * Takes a voucher that its payer has signed elsewhere. The same one again changes nothing.
     *
     * @throws VoucherRefusedException when it would not bring the soup its money; nothing is stored then
     */
    public SignedVoucher accept(SignedVoucher voucher) {
        requireSigned(voucher);
        return store(voucher, contract.chainTime(), false);
    }

    private void requireSigned(SignedVoucher voucher) {
        EvmAddress payer = voucher.message().payer();
        EvmAddress signer = signer(voucher);
        if (!signer.equals(payer)) {
            throw new VoucherRefusedException(
                    Reason.BAD_SIGNATURE,
                    "%s: the voucher is signed by %s, not by its payer".formatted(voucher.channel(), signer));
        }
    }

    /** Whether the payer's key signed it. */
    boolean isSigned(SignedVoucher voucher) {
        try {
            requireSigned(voucher);
            return true;
        } catch (VoucherRefusedException foreign) {
            return false;
        }
    }

    private EvmAddress signer(SignedVoucher voucher) {
        try {
            return voucher.signature().recover(voucher.message().digest(contract.domain()));
        } catch (SignatureException malformed) {
            throw new VoucherRefusedException(
                    Reason.BAD_SIGNATURE, "%s: %s".formatted(voucher.channel(), malformed.getMessage()));
        }
    }

    private SignedVoucher store(SignedVoucher voucher, long now, boolean renewal) {
        Channel channel = voucher.channel();
        requireTimes(voucher, now);
        if (!contract.isFinal(channel.soupId())) {
            throw new VoucherRefusedException(
                    Reason.SOUP_NOT_FINAL, "soup %s is not final: it cannot be paid yet".formatted(channel.soupId()));
        }
        // Drawn amounts before the escrow: what is settled in between makes the payer look poorer, never richer.
        Map<Channel, BigInteger> drawn = new HashMap<>();
        for (SignedVoucher open : newest(channel.payer(), channel.token())) {
            drawn.put(open.channel(), drawn(open.channel()));
        }
        drawn.computeIfAbsent(channel, this::drawn);
        RoyaltiesContract.Escrow escrow =
                contract.escrow(channel.payer(), channel.token().hex());
        return database.transaction(sql -> {
            lock(sql, channel.payer().hex(), channel.token().hex());
            Optional<SignedVoucher> last = newest(sql, channel);
            if (last.isPresent() && last.get().equals(voucher)) {
                return voucher;
            }
            requireNewer(voucher, last, drawn, renewal);
            requireCovered(sql, voucher, drawn, escrow, now);
            insert(sql, voucher, now);
            return voucher;
        });
    }

    private void requireTimes(SignedVoucher voucher, long now) {
        long expiry = voucher.message().expiry();
        if (expiry < now + SHORTEST_SECONDS) {
            throw new VoucherRefusedException(
                    Reason.EXPIRED,
                    "%s: it expires at %d, and block time is %d: sign one that lasts at least %d s"
                            .formatted(voucher.channel(), expiry, now, SHORTEST_SECONDS));
        }
        long latest = now + contract.escrowDelay();
        if (expiry > latest) {
            throw new VoucherRefusedException(
                    Reason.EXPIRES_TOO_LATE,
                    "%s: it expires at %d, but escrow can be withdrawn from %d on: sign one that ends before"
                            .formatted(voucher.channel(), expiry, latest));
        }
    }

    private static void requireNewer(
            SignedVoucher voucher, Optional<SignedVoucher> last, Map<Channel, BigInteger> drawn, boolean renewal) {
        BigInteger cumulative = voucher.message().cumulative();
        BigInteger known = last.map(newest -> newest.message().cumulative()).orElse(BigInteger.ZERO);
        boolean older = renewal ? cumulative.compareTo(known) < 0 : cumulative.compareTo(known) <= 0;
        if (older) {
            throw new VoucherRefusedException(
                    Reason.OLDER,
                    "%s: it says %s, and a stored one says %s".formatted(voucher.channel(), cumulative, known));
        }
        BigInteger settled = drawn.getOrDefault(voucher.channel(), BigInteger.ZERO);
        if (cumulative.compareTo(settled) <= 0) {
            throw new VoucherRefusedException(
                    Reason.OLDER,
                    "%s: it says %s, and %s is drawn already".formatted(voucher.channel(), cumulative, settled));
        }
    }

    private static void requireCovered(
            DSLContext sql,
            SignedVoucher voucher,
            Map<Channel, BigInteger> drawn,
            RoyaltiesContract.Escrow escrow,
            long now) {
        Channel channel = voucher.channel();
        BigInteger open = open(voucher, drawn);
        for (SignedVoucher other : newest(sql, channel.payer(), channel.token())) {
            if (!other.channel().equals(channel) && other.message().expiry() >= now) {
                open = open.add(open(other, drawn));
            }
        }
        if (open.compareTo(escrow.free()) > 0) {
            throw new VoucherRefusedException(
                    Reason.OVER_LIMIT,
                    "%s: with this voucher %s would be open, and the payer's escrow is %s (%s of it announced for withdrawal): deposit the difference first"
                            .formatted(channel, open, escrow.amount(), escrow.announced()));
        }
    }

    private static BigInteger open(SignedVoucher voucher, Map<Channel, BigInteger> drawn) {
        BigInteger settled = drawn.getOrDefault(voucher.channel(), BigInteger.ZERO);
        return voucher.message().cumulative().subtract(settled).max(BigInteger.ZERO);
    }

    private static void insert(DSLContext sql, SignedVoucher voucher, long now) {
        Channel channel = voucher.channel();
        long ordinal = sql.select(DSL.coalesce(DSL.max(ORDINAL), 0L))
                        .from(VOUCHER)
                        .where(in(channel))
                        .fetchSingle()
                        .value1()
                + 1;
        sql.insertInto(VOUCHER)
                .set(SOUP_ID, channel.soupId().hex())
                .set(TOKEN, channel.token().hex())
                .set(PAYER, channel.payer().hex())
                .set(ORDINAL, ordinal)
                .set(CUMULATIVE, voucher.message().cumulative().toString())
                .set(EXPIRY, voucher.message().expiry())
                .set(SIGNATURE, HexText.of(voucher.signature().bytes()))
                .set(STORED_AT_S, now)
                .execute();
    }

    /** What a channel's vouchers have drawn on chain. */
    BigInteger drawn(Channel channel) {
        return contract.drawn(channel.soupId(), channel.token().hex(), channel.payer());
    }

    /** The newest voucher of a channel. */
    public Optional<SignedVoucher> newest(Channel channel) {
        return newest(database.sql(), channel);
    }

    /** The newest voucher of each of a payer's channels in a token. */
    public List<SignedVoucher> newest(EvmAddress payer, EvmAddress token) {
        return newest(database.sql(), payer, token);
    }

    /** The newest voucher of each channel, by payer, token and soup. */
    public List<SignedVoucher> newest() {
        return newestWhere(database.sql(), DSL.noCondition());
    }

    private static Optional<SignedVoucher> newest(DSLContext sql, Channel channel) {
        return newestWhere(sql, in(channel)).stream().findFirst();
    }

    private static List<SignedVoucher> newest(DSLContext sql, EvmAddress payer, EvmAddress token) {
        return newestWhere(sql, PAYER.eq(payer.hex()).and(TOKEN.eq(token.hex())));
    }

    private static List<SignedVoucher> newestWhere(DSLContext sql, Condition condition) {
        Table<Record> later = VOUCHER.as("later");
        return sql.select(SOUP_ID, TOKEN, PAYER, CUMULATIVE, EXPIRY, SIGNATURE)
                .from(VOUCHER)
                .where(condition)
                .andNotExists(sql.selectOne()
                        .from(later)
                        .where(of(later, SOUP_ID).eq(of(VOUCHER, SOUP_ID)))
                        .and(of(later, TOKEN).eq(of(VOUCHER, TOKEN)))
                        .and(of(later, PAYER).eq(of(VOUCHER, PAYER)))
                        .and(of(later, ORDINAL).gt(of(VOUCHER, ORDINAL))))
                .orderBy(PAYER, TOKEN, SOUP_ID)
                .fetch(Vouchers::voucher);
    }

    private static <T> Field<T> of(Table<Record> table, Field<T> column) {
        return DSL.field(DSL.name(table.getName(), column.getName()), column.getType());
    }

    private static SignedVoucher voucher(Record row) {
        return new SignedVoucher(
                new VoucherMessage(
                        Bytes32.of(row.get(SOUP_ID)),
                        EvmAddress.of(row.get(TOKEN)),
                        EvmAddress.of(row.get(PAYER)),
                        new BigInteger(row.get(CUMULATIVE)),
                        row.get(EXPIRY)),
                EvmSignature.parse(HexText.parse(row.get(SIGNATURE))));
    }
}
