package io.bitdelta.node.royalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.typed.VoucherMessage;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.node.royalty.ledger.ChainMoneyEvents;
import io.bitdelta.node.royalty.ledger.IndexedMoneyEvents;
import io.bitdelta.node.royalty.ledger.RoyaltyBook;
import io.bitdelta.node.royalty.ledger.ShareBalance;
import io.bitdelta.node.royalty.ledger.TokenBalance;
import io.bitdelta.node.royalty.statement.Statement;
import io.bitdelta.node.store.DatabaseKind;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random soups, payments, vouchers, pulls and claims: for each token, claimable + claimed + escrow + dust = deposited. */
final class MoneyInvariantTest {
    private static final List<EvmAddress> PEOPLE = List.of(
            RoyaltyHouse.identity(1), RoyaltyHouse.identity(2), RoyaltyHouse.identity(3), RoyaltyHouse.identity(4));
    private static final int STEPS = 24;

    @TempDir
    Path folder;

    private final List<Bytes32> soups = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"SQLITE,1", "SQLITE,2", "POSTGRESQL,3"})
    void noMoneyIsMadeOrLost(DatabaseKind kind, long seed) throws IOException {
        Random random = new Random(seed);
        try (RoyaltyHouse house = RoyaltyHouse.open(folder, kind)) {
            for (int i = 0; i < 4; i++) {
                soups.add(house.soup(weights(random)));
            }
            for (int step = 0; step < STEPS; step++) {
                EvmAddress token = random.nextBoolean() ? Royalties.NATIVE : house.token();
                Bytes32 soup = soups.get(random.nextInt(soups.size()));
                switch (random.nextInt(5)) {
                    case 0, 1 -> house.pay(soup, token, 1 + random.nextInt(1_000_000));
                    case 2 -> house.deposit(token, 1 + random.nextInt(1_000_000));
                    case 3 -> settle(house, soup, token, random);
                    default -> claim(house, PEOPLE.get(random.nextInt(PEOPLE.size())));
                }
                if (step % 6 == 5) {
                    house.node().catchUp();
                    check(house, Royalties.NATIVE);
                    check(house, house.token());
                }
            }
        }
    }

    private List<WeightTree.Share> weights(Random random) {
        int leaves = 1 + random.nextInt(5);
        TreeSet<Long> cuts = new TreeSet<>();
        while (cuts.size() < leaves - 1) {
            cuts.add(1 + random.nextLong(WeightTree.WHOLE - 1));
        }
        cuts.add(WeightTree.WHOLE);
        List<WeightTree.Share> shares = new ArrayList<>();
        long at = 0;
        for (long end : cuts) {
            boolean parent = !soups.isEmpty() && random.nextInt(3) == 0;
            shares.add(
                    parent
                            ? new WeightTree.Share(
                                    WeightTree.Kind.SOUP,
                                    Hash32.of(soups.get(random.nextInt(soups.size()))
                                            .bytes()),
                                    at,
                                    end)
                            : WeightTree.Share.identity(
                                    PEOPLE.get(random.nextInt(PEOPLE.size())).bytes(), at, end));
            at = end;
        }
        return shares;
    }

    private static void settle(RoyaltyHouse house, Bytes32 soup, EvmAddress token, Random random) throws IOException {
        Royalties royalties = house.royalties();
        BigInteger drawn = royalties.contract().drawn(soup, token.hex(), house.payerAddress());
        VoucherMessage message = new VoucherMessage(
                soup,
                token,
                house.payerAddress(),
                drawn.add(BigInteger.valueOf(1 + random.nextInt(500_000))),
                royalties.contract().chainTime() + 3_000);
        SignedVoucher voucher = new SignedVoucher(
                message,
                house.payerKey().sign(message.digest(royalties.contract().domain())));
        royalties.settlements().settle(List.of(voucher));
    }

    private static void claim(RoyaltyHouse house, EvmAddress identity) throws IOException {
        house.node().catchUp();
        Claims claims = house.royalties().claims();
        Claims.Plan plan = claims.plan(identity, Optional.empty());
        Claims.Outcome outcome = claims.claim(plan);
        assertThat(outcome.refused()).isEmpty();
        for (Claims.Sent sent : outcome.sent()) {
            assertThat(sent.amount())
                    .as("what was promised is what was paid")
                    .isEqualTo(sent.batch().amount());
        }
        house.node().catchUp();
        assertThat(claims.plan(identity, Optional.empty()).isEmpty()).isTrue();
    }

    private void check(RoyaltyHouse house, EvmAddress token) {
        Royalties royalties = house.royalties();
        assertThat(new IndexedMoneyEvents(house.node().database()).ofSoups(Set.copyOf(soups)))
                .as("the index tells what the chain's logs tell")
                .isEqualTo(new ChainMoneyEvents(
                                house.chain(),
                                royalties.contract().address(),
                                house.node().deployment().firstBlock())
                        .ofSoups(Set.copyOf(soups)));
        BigInteger inPots = BigInteger.ZERO;
        for (Bytes32 soup : soups) {
            RoyaltiesContract.Pot pot = royalties.contract().pot(soup, token.hex());
            RoyaltyBook.Pot booked = royalties.book().pots(soup).stream()
                    .filter(candidate -> candidate.token().equals(token))
                    .findFirst()
                    .orElse(new RoyaltyBook.Pot(token, BigInteger.ZERO, BigInteger.ZERO));
            assertThat(booked.received()).isEqualTo(pot.received());
            assertThat(booked.paid()).isEqualTo(pot.paid());
            inPots = inPots.add(pot.received().subtract(pot.paid()));
            checkShares(royalties, soup, token, pot);
        }
        BigInteger escrow =
                royalties.contract().escrow(house.payerAddress(), token.hex()).amount();
        String address = royalties.contract().address();
        BigInteger held = token.equals(Royalties.NATIVE)
                ? house.chain().balance(address)
                : royalties.tokens().erc20(token).balance(EvmAddress.of(address));
        assertThat(inPots.add(escrow))
                .as("pots and escrow are all that the contract holds")
                .isEqualTo(held);
        assertThat(balance(royalties, house.payerAddress(), token)
                        .map(TokenBalance::escrow)
                        .orElse(BigInteger.ZERO))
                .isEqualTo(escrow);
        for (EvmAddress identity : PEOPLE) {
            checkStatement(royalties, identity, token);
        }
    }

    /** Claimable, claimed and dust of a soup are what it received; dust is below one unit a leaf. */
    private static void checkShares(Royalties royalties, Bytes32 soup, EvmAddress token, RoyaltiesContract.Pot pot) {
        List<WeightTree.Share> shares = royalties.weights().of(soup).shares();
        BigInteger due = BigInteger.ZERO;
        BigInteger drawn = BigInteger.ZERO;
        for (int leaf = 0; leaf < shares.size(); leaf++) {
            WeightTree.Share share = shares.get(leaf);
            due = due.add(royalties.contract().due(soup, token.hex(), leaf, share.start(), share.end()));
            drawn = drawn.add(royalties.contract().claimed(soup, token.hex(), leaf));
        }
        assertThat(drawn).isEqualTo(pot.paid());
        BigInteger dust = pot.received().subtract(due).subtract(drawn);
        assertThat(dust).isBetween(BigInteger.ZERO, BigInteger.valueOf(shares.size() - 1));
        for (EvmAddress identity : PEOPLE) {
            balance(royalties, identity, token).stream()
                    .flatMap(balance -> balance.shares().stream())
                    .filter(share -> share.soupId().equals(soup))
                    .forEach(share -> checkShare(royalties, share));
        }
    }

    private static void checkShare(Royalties royalties, ShareBalance share) {
        assertThat(share.claimable())
                .isEqualTo(royalties
                        .contract()
                        .due(share.soupId(), share.token().hex(), share.leaf(), share.start(), share.end()));
        assertThat(share.claimed())
                .isEqualTo(royalties
                        .contract()
                        .claimed(share.soupId(), share.token().hex(), share.leaf()));
        assertThat(share.earned()).isEqualTo(share.claimable().add(share.claimed()));
    }

    private static void checkStatement(Royalties royalties, EvmAddress identity, EvmAddress token) {
        Instant now = Instant.ofEpochSecond(royalties.contract().chainTime() + 1);
        Statement statement =
                royalties.statements().of(new LuxDid(31337, identity), Optional.of(token), Instant.EPOCH, now);
        BigInteger closing = statement.sections().stream()
                .map(Statement.Section::closing)
                .findFirst()
                .orElse(BigInteger.ZERO);
        assertThat(closing)
                .isEqualTo(balance(royalties, identity, token)
                        .map(TokenBalance::claimable)
                        .orElse(BigInteger.ZERO));
    }

    private static Optional<TokenBalance> balance(Royalties royalties, EvmAddress identity, EvmAddress token) {
        return royalties.book().balances(identity).stream()
                .filter(balance -> balance.token().equals(token))
                .findFirst();
    }
}
