package io.bitdelta.node.royalty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.attestation.typed.VoucherMessage;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.royalty.Settlements.Outcome;
import io.bitdelta.node.royalty.Settlements.Verdict;
import io.bitdelta.node.royalty.VoucherRefusedException.Reason;
import io.bitdelta.node.store.DatabaseKind;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Metered use, vouchers and settlement, against the real contract and on both databases. */
final class VouchersTest {
    private static final EvmAddress ALICE = RoyaltyHouse.identity(1);

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // every test opens it, on its kind of database
    private RoyaltyHouse house;

    @SuppressWarnings("NullAway.Init") // every test opens it, on its kind of database
    private Royalties royalties;

    private Bytes32 soup = Bytes32.ZERO;
    private Secp256k1Key key = Secp256k1Key.generate(new SecureRandom());

    private void open(DatabaseKind kind) throws IOException {
        house = RoyaltyHouse.open(folder, kind);
        royalties = house.royalties();
        soup = house.soup(RoyaltyHouse.shares(List.of(ALICE)));
        key = house.payerKey();
    }

    @AfterEach
    void close() throws IOException {
        house.close();
    }

    private SignedVoucher voucher(Bytes32 soupId, long cumulative, long validSeconds) {
        return voucher(soupId, cumulative, validSeconds, key);
    }

    private SignedVoucher voucher(Bytes32 soupId, long cumulative, long validSeconds, Secp256k1Key signer) {
        VoucherMessage message = new VoucherMessage(
                soupId,
                house.token(),
                house.payerAddress(),
                BigInteger.valueOf(cumulative),
                royalties.contract().chainTime() + validSeconds);
        return new SignedVoucher(
                message, signer.sign(message.digest(royalties.contract().domain())));
    }

    private BigInteger received(Bytes32 soupId) {
        return royalties.contract().pot(soupId, house.token().hex()).received();
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(VoucherRefusedException.class)
                .satisfies(refused ->
                        assertThat(((VoucherRefusedException) refused).reason()).isEqualTo(reason));
    }

    private Usage usage(Channel channel, String request, long units) {
        return new Usage(channel, request, "did:lux:31337:user", Bytes32.ZERO, units, BigInteger.valueOf(7));
    }

    @ParameterizedTest
    @EnumSource
    void useIsMeteredSignedForAndSettledOnce(DatabaseKind kind) throws IOException {
        open(kind);
        EvmAddress own = EvmAddress.of(royalties.account().address());
        house.give(own, BigInteger.valueOf(10_000));
        royalties.payments().deposit("first", house.token(), BigInteger.valueOf(1_000));
        Channel channel = royalties.ownChannel(soup, house.token());
        assertRefused(Reason.NOTHING_OWED, () -> royalties.vouchers().issue(channel, royalties.account()));

        UsageMeter.Metered first = royalties.usage().record(usage(channel, "request-1", 10));
        assertThat(royalties.usage().record(usage(channel, "request-1", 10))).isEqualTo(first);
        assertThatThrownBy(() -> royalties.usage().record(usage(channel, "request-1", 11)))
                .isInstanceOf(UsageConflictException.class);
        royalties.usage().record(usage(channel, "request-2", 30));
        assertThat(royalties.usage().metered(channel)).isEqualTo(BigInteger.valueOf(280));
        assertThat(royalties.usage().records(channel, 0, 10))
                .extracting(UsageMeter.Metered::meteredAfter)
                .containsExactly(BigInteger.valueOf(70), BigInteger.valueOf(280));

        SignedVoucher voucher = royalties.vouchers().issue(channel, royalties.account());
        assertThat(voucher.message().cumulative()).isEqualTo(BigInteger.valueOf(280));
        assertThat(royalties.vouchers().issue(channel, royalties.account())).isEqualTo(voucher);
        assertThat(royalties.vouchers().newest(channel)).contains(voucher);

        assertThat(royalties.settlements().settle()).singleElement().satisfies(outcome -> {
            assertThat(outcome.verdict()).isEqualTo(Verdict.SETTLED);
            assertThat(outcome.amount()).isEqualTo(BigInteger.valueOf(280));
        });
        assertThat(received(soup)).isEqualTo(BigInteger.valueOf(280));
        assertThat(royalties.settlements().settle())
                .extracting(Outcome::verdict)
                .containsExactly(Verdict.NOTHING_NEW);

        royalties.usage().record(usage(channel, "request-3", 1));
        SignedVoucher later = royalties.vouchers().issue(channel, royalties.account());
        assertThat(later.message().cumulative()).isEqualTo(BigInteger.valueOf(287));
        assertThat(royalties.settlements().worthSettlingWithin(60)).isEmpty();
        royalties.settlements().settle(royalties.settlements().worthSettlingWithin(2 * 3600));
        assertThat(received(soup)).isEqualTo(BigInteger.valueOf(287));

        royalties.usage().record(usage(channel, "request-4", 1_000));
        assertRefused(Reason.OVER_LIMIT, () -> royalties.vouchers().issue(channel, royalties.account()));
        assertThat(royalties.vouchers().newest(channel)).contains(later);
    }

    @ParameterizedTest
    @EnumSource
    void aVoucherThatWouldNotBringItsMoneyIsRefused(DatabaseKind kind) throws IOException {
        open(kind);
        Bytes32 other = house.soup(RoyaltyHouse.shares(List.of(ALICE)));
        RoyaltyHouse.Proposal unfinished = house.propose(RoyaltyHouse.shares(List.of(ALICE)));
        house.deposit(house.token(), 1_000);
        Vouchers vouchers = royalties.vouchers();

        assertRefused(Reason.OVER_LIMIT, () -> vouchers.accept(voucher(soup, 1_001, 3_000)));
        assertRefused(Reason.EXPIRED, () -> vouchers.accept(voucher(soup, 10, -1)));
        assertRefused(Reason.EXPIRED, () -> vouchers.accept(voucher(soup, 10, 60)));
        assertRefused(Reason.EXPIRES_TOO_LATE, () -> vouchers.accept(voucher(soup, 10, 4_000)));
        assertRefused(Reason.SOUP_NOT_FINAL, () -> vouchers.accept(voucher(unfinished.soupId(), 10, 3_000)));
        assertRefused(
                Reason.BAD_SIGNATURE,
                () -> vouchers.accept(voucher(soup, 10, 3_000, Secp256k1Key.generate(new SecureRandom()))));
        assertThat(vouchers.newest()).isEmpty();

        SignedVoucher first = vouchers.accept(voucher(soup, 600, 3_000));
        assertThat(vouchers.accept(first)).isEqualTo(first);
        assertRefused(Reason.OLDER, () -> vouchers.accept(voucher(soup, 599, 3_000)));
        assertRefused(Reason.OLDER, () -> vouchers.accept(voucher(soup, 600, 3_300)));
        assertRefused(Reason.OVER_LIMIT, () -> vouchers.accept(voucher(other, 401, 3_000)));
        vouchers.accept(voucher(other, 400, 3_000));
        royalties.settlements().settle();
        assertThat(received(soup)).isEqualTo(BigInteger.valueOf(600));
        assertThat(received(other)).isEqualTo(BigInteger.valueOf(400));
        assertRefused(Reason.OVER_LIMIT, () -> vouchers.accept(voucher(soup, 601, 3_000)));
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE")
    void whatIsExpectedOfVouchersIsWhatTheContractDoes(DatabaseKind kind) throws IOException {
        open(kind);
        Bytes32 other = house.soup(RoyaltyHouse.shares(List.of(ALICE)));
        RoyaltyHouse.Proposal unfinished = house.propose(RoyaltyHouse.shares(List.of(ALICE)));
        house.deposit(house.token(), 1_000);
        List<SignedVoucher> batch = new ArrayList<>();
        batch.add(voucher(soup, 300, 3_000));
        batch.add(voucher(soup, 300, 3_000));
        batch.add(voucher(soup, 200, 3_000));
        batch.add(voucher(soup, 500, 3_000));
        batch.add(voucher(soup, 600, -100));
        batch.add(voucher(other, 501, 3_000));
        batch.add(voucher(other, 100, 3_000, Secp256k1Key.generate(new SecureRandom())));
        batch.add(voucher(unfinished.soupId(), 10, 3_000));
        batch.add(voucher(other, 500, 3_000));
        batch.add(voucher(soup, 501, 3_000));
        List<Verdict> expected = royalties.settlements().expect(batch).stream()
                .map(Outcome::verdict)
                .toList();
        OutboxEntry sent = house.send(UnsignedCall.of(
                "settle all",
                royalties.contract().address(),
                royalties.contract().settle(batch)));
        Map<Integer, Integer> skipped =
                new RoyaltyReceipts(house.chain(), royalties.contract().address()).skipped(sent);
        List<Verdict> found = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            found.add(Verdict.of(skipped.getOrDefault(i, 0)));
        }
        assertThat(found).isEqualTo(expected).contains(Verdict.SETTLED, Verdict.NOTHING_NEW, Verdict.EXPIRED);
        assertThat(found).contains(Verdict.BAD_SIGNATURE, Verdict.ESCROW_TOO_LOW, Verdict.SOUP_NOT_FINAL);
        assertThat(received(soup).add(received(other))).isEqualTo(BigInteger.valueOf(1_000));
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE")
    void moneyThatWasAnnouncedForWithdrawalCoversNoNewVoucher(DatabaseKind kind) throws IOException {
        open(kind);
        house.deposit(house.token(), 1_000);
        SignedVoucher early = royalties.vouchers().accept(voucher(soup, 300, 3_000));
        house.send(UnsignedCall.of(
                "announce",
                royalties.contract().address(),
                royalties.contract().requestWithdraw(house.token().hex(), BigInteger.valueOf(900))));
        assertRefused(Reason.OVER_LIMIT, () -> royalties.vouchers().accept(voucher(soup, 301, 3_000)));

        house.node().embeddedChain().orElseThrow().advanceClock(2_000);
        royalties.settlements().settle(List.of(early));
        assertThat(received(soup)).as("what was announced can still be drawn").isEqualTo(BigInteger.valueOf(300));
        house.node().embeddedChain().orElseThrow().advanceClock(2_000);
        house.send(UnsignedCall.of(
                "withdraw",
                royalties.contract().address(),
                royalties.contract().withdraw(house.token().hex())));
        assertThat(royalties
                        .contract()
                        .escrow(house.payerAddress(), house.token().hex())
                        .amount())
                .isZero();
        assertThat(royalties.settlements().settle(List.of(early)))
                .extracting(Outcome::verdict)
                .containsExactly(Verdict.EXPIRED);
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE")
    void aSkippedVoucherIsSettledOnceItsPayerHasDeposited(DatabaseKind kind) throws IOException {
        open(kind);
        SignedVoucher uncovered = voucher(soup, 300, 3_000);
        assertThat(royalties.settlements().settle(List.of(uncovered)))
                .extracting(Outcome::verdict)
                .containsExactly(Verdict.ESCROW_TOO_LOW);
        house.deposit(house.token(), 300);
        assertThat(royalties.settlements().settle(List.of(uncovered)))
                .extracting(Outcome::verdict)
                .containsExactly(Verdict.SETTLED);
    }
}
