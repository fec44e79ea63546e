package io.bitdelta.node.royalty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.royalty.ledger.ShareBalance;
import io.bitdelta.node.royalty.ledger.TokenBalance;
import io.bitdelta.node.soup.WeightsUnknownException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Payments and claims on a real chain, with weights that the node has only from manifests. */
final class ClaimsTest {
    private static final EvmAddress ALICE = RoyaltyHouse.identity(1);
    private static final EvmAddress BOB = RoyaltyHouse.identity(2);

    @TempDir
    Path folder;

    private RoyaltyHouse house;

    @BeforeEach
    void open() throws IOException {
        house = RoyaltyHouse.open(folder);
    }

    @AfterEach
    void close() throws IOException {
        house.close();
    }

    private TokenBalance balance(EvmAddress identity, EvmAddress token) {
        return house.royalties().book().balances(identity).stream()
                .filter(balance -> balance.token().equals(token))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aBalanceIsWhatTheContractWouldPay() throws IOException {
        Bytes32 soup = house.soup(RoyaltyHouse.shares(List.of(ALICE, BOB, ALICE), 333_333_333, 700_000_001));
        house.pay(soup, Royalties.NATIVE, 1_000_000_007);
        house.pay(soup, house.token(), 12_345_678_901L);
        house.pay(soup, house.token(), 1);
        house.node().catchUp();
        for (EvmAddress token : List.of(Royalties.NATIVE, house.token())) {
            for (EvmAddress identity : List.of(ALICE, BOB)) {
                for (ShareBalance share : balance(identity, token).shares()) {
                    assertThat(share.claimable())
                            .isPositive()
                            .isEqualTo(house.royalties()
                                    .contract()
                                    .due(soup, token.hex(), share.leaf(), share.start(), share.end()));
                }
            }
        }
        assertThat(balance(ALICE, house.token()).shares()).hasSize(2);
    }

    @Test
    void oneTransactionClaimsManySoupsAndRepeatingItClaimsNothing() throws IOException {
        List<RoyaltyHouse.Proposal> proposals = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            proposals.add(house.propose(RoyaltyHouse.shares(List.of(ALICE, BOB), 100_000_000L * (i + 1))));
        }
        house.node().embeddedChain().orElseThrow().advanceClock(61);
        proposals.forEach(house::finish);
        proposals.forEach(proposal -> house.pay(proposal.soupId(), house.token(), 10_000));
        house.node().catchUp();
        Claims claims = house.royalties().claims();
        Claims.Outcome outcome = claims.claim(claims.plan(ALICE, Optional.empty()));
        assertThat(outcome.sent()).hasSize(1);
        assertThat(outcome.sent().getFirst().batch().dues()).hasSize(5);
        assertThat(outcome.sent().getFirst().amount()).isEqualTo(BigInteger.valueOf(1000 + 2000 + 3000 + 4000 + 5000));
        assertThat(house.royalties().tokens().erc20(house.token()).balance(ALICE))
                .isEqualTo(BigInteger.valueOf(15_000));

        assertThat(claims.claim(claims.plan(ALICE, Optional.empty())).sent())
                .as("before the index has seen the claim, the same purpose is the same transaction")
                .allSatisfy(sent -> assertThat(sent.transaction().hash())
                        .isEqualTo(outcome.sent().getFirst().transaction().hash()));
        house.node().catchUp();
        assertThat(claims.plan(ALICE, Optional.empty()).isEmpty()).isTrue();
        assertThat(balance(ALICE, house.token()).claimed()).isEqualTo(BigInteger.valueOf(15_000));
    }

    @Test
    void moneyFlowsFromChildSoupsThroughTheirParents() throws IOException {
        Bytes32 grandparent = house.soup(RoyaltyHouse.shares(List.of(ALICE)));
        Bytes32 parent = house.soup(List.of(
                new WeightTree.Share(WeightTree.Kind.SOUP, Hash32.of(grandparent.bytes()), 0, 500_000_000),
                WeightTree.Share.identity(BOB.bytes(), 500_000_000, WeightTree.WHOLE)));
        Bytes32 child = house.soup(List.of(
                WeightTree.Share.identity(BOB.bytes(), 0, 200_000_000),
                new WeightTree.Share(WeightTree.Kind.SOUP, Hash32.of(parent.bytes()), 200_000_000, WeightTree.WHOLE)));
        house.pay(child, house.token(), 1_000);
        house.node().catchUp();
        assertThat(balance(ALICE, house.token()).claimable()).isZero();
        assertThat(balance(ALICE, house.token()).pullable()).isEqualTo(BigInteger.valueOf(400));

        Claims claims = house.royalties().claims();
        Claims.Plan plan = claims.plan(ALICE, Optional.empty());
        assertThat(plan.pulls()).hasSize(2);
        Claims.Outcome outcome = claims.claim(plan);
        assertThat(outcome.refused()).isEmpty();
        assertThat(house.royalties().tokens().erc20(house.token()).balance(ALICE))
                .isEqualTo(BigInteger.valueOf(400));
        house.node().catchUp();
        Claims.Outcome bobs = claims.claim(claims.plan(BOB, Optional.of(house.token())));
        assertThat(bobs.pulled()).isEmpty();
        assertThat(house.royalties().tokens().erc20(house.token()).balance(BOB)).isEqualTo(BigInteger.valueOf(600));
    }

    @Test
    void aWalletMayClaimWithThePreparedCalls() throws IOException {
        Bytes32 soup = house.soup(RoyaltyHouse.shares(List.of(ALICE, BOB), 400_000_000));
        house.pay(soup, Royalties.NATIVE, 1_000);
        house.node().catchUp();
        BigInteger before = house.chain().balance(BOB.hex());
        Claims claims = house.royalties().claims();
        house.sendAll(claims.prepare(claims.plan(BOB, Optional.empty())));
        assertThat(house.chain().balance(BOB.hex()).subtract(before)).isEqualTo(BigInteger.valueOf(600));
    }

    @Test
    void aPermitPaysInOneCall() throws IOException {
        Bytes32 soup = house.soup(RoyaltyHouse.shares(List.of(ALICE)));
        long deadline = house.chain().head().timestamp() + 3600;
        Bytes32 digest = house.royalties()
                .tokens()
                .erc20(house.token())
                .permitDigest(
                        house.payerAddress(),
                        EvmAddress.of(house.royalties().contract().address()),
                        BigInteger.valueOf(77),
                        deadline)
                .orElseThrow();
        Permit permit = new Permit(deadline, house.payerKey().sign(digest));
        List<UnsignedCall> calls = house.royalties()
                .payments()
                .prepare(house.payerAddress(), soup, house.token(), BigInteger.valueOf(77), Optional.of(permit));
        assertThat(calls).hasSize(1);
        house.sendAll(calls);
        assertThat(house.royalties().contract().pot(soup, house.token().hex()).received())
                .isEqualTo(BigInteger.valueOf(77));
    }

    @Test
    void theNodePaysOnceForOneIntent() throws IOException {
        Bytes32 soup = house.soup(RoyaltyHouse.shares(List.of(ALICE)));
        house.give(EvmAddress.of(house.royalties().account().address()), BigInteger.valueOf(1_000));
        Payments payments = house.royalties().payments();
        assertThat(payments.pay("invoice 1", soup, house.token(), BigInteger.valueOf(300))
                        .received())
                .isEqualTo(BigInteger.valueOf(300));
        payments.pay("invoice 1", soup, house.token(), BigInteger.valueOf(300));
        payments.pay("invoice 2", soup, house.token(), BigInteger.valueOf(300));
        payments.distributeRoyalties("invoice 3", soup, BigInteger.valueOf(5));
        assertThat(house.royalties().contract().pot(soup, house.token().hex()).received())
                .isEqualTo(BigInteger.valueOf(600));
        assertThat(house.royalties()
                        .contract()
                        .pot(soup, RoyaltiesContract.NATIVE)
                        .received())
                .isEqualTo(BigInteger.valueOf(5));
    }

    @Test
    void anOpenSoupCannotBePaid() throws IOException {
        RoyaltyHouse.Proposal open = house.propose(RoyaltyHouse.shares(List.of(ALICE)));
        assertThatThrownBy(() ->
                        house.royalties().payments().pay("too early", open.soupId(), Royalties.NATIVE, BigInteger.ONE))
                .isInstanceOf(RevertedException.class)
                .satisfies(refused ->
                        assertThat(((RevertedException) refused).error()).isEqualTo("SoupNotFinal"));
        assertThatThrownBy(() ->
                        house.royalties().payments().pay("nothing", open.soupId(), Royalties.NATIVE, BigInteger.ZERO))
                .isInstanceOf(RoyaltyInputException.class);
    }

    @Test
    void weightsThatAreNotTheOnesOnChainPayNobody() throws IOException {
        List<WeightTree.Share> honest = RoyaltyHouse.shares(List.of(ALICE, BOB), 1);
        RoyaltyHouse.Proposal lie = house.propose(honest, RoyaltyHouse.shares(List.of(BOB, ALICE), 1));
        RoyaltyHouse.Proposal truth = house.propose(honest);
        house.node().catchUp();
        assertThatThrownBy(() -> house.royalties().weights().of(lie.soupId()))
                .isInstanceOf(WeightsUnknownException.class)
                .hasMessageContaining(lie.header().weightsRoot().hex());
        assertThatThrownBy(() -> house.royalties().weights().of(Bytes32.ZERO))
                .isInstanceOf(WeightsUnknownException.class)
                .hasMessageContaining("no soup");
        assertThat(house.royalties().weights().of(truth.soupId()).shares()).isEqualTo(honest);
        assertThat(house.royalties().weights().paying(ALICE)).containsExactly(truth.soupId());
    }
}
