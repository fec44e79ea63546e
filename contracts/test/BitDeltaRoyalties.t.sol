// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBitDeltaRoyalties } from "../src/interfaces/IBitDeltaRoyalties.sol";
import { Shares } from "../src/libraries/Shares.sol";
import { Payee } from "../src/types/Soup.sol";
import { Stall } from "./harness/Stall.sol";
import { CallbackToken, FeeToken, OldToken, PlainToken } from "./harness/Tokens.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

contract BitDeltaRoyaltiesTest is Stall {
    PlainToken private token;

    function setUp() public {
        deploy();
        token = new PlainToken();
        token.mint(payer, 1e30);
        vm.prank(payer);
        token.approve(address(royalties), type(uint256).max);
    }

    // ---- paying and claiming

    function test_aPaymentIsSharedByIntervals() public {
        Table memory t = open(shares(500_000_000, 300_000_000, 200_000_000));
        payToken(t, 1000);
        eq(claim(t, address(token), 0), 500, "alice");
        eq(claim(t, address(token), 1), 300, "bob");
        eq(claim(t, address(token), 2), 200, "carol");
        eq(token.balanceOf(alice), 500, "alice has it");
        eq(token.balanceOf(address(royalties)), 0, "nothing left");
        eq(claim(t, address(token), 0), 0, "nothing twice");
    }

    function test_nativeIsTheZeroToken() public {
        Table memory t = open(shares(500_000_000, 300_000_000, 200_000_000));
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.WrongValue.selector, 9, 10));
        royalties.pay{ value: 9 }(t.soupId, address(0), 10);
        vm.prank(payer);
        royalties.pay{ value: 10 }(t.soupId, address(0), 10);
        uint256 before = alice.balance;
        eq(claim(t, address(0), 0), 5, "alice");
        eq(alice.balance, before + 5, "sent");
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.WrongValue.selector, 1, 0));
        royalties.pay{ value: 1 }(t.soupId, address(token), 10);
        vm.prank(payer);
        (bool sent,) = address(royalties).call{ value: 1 }("");
        isTrue(!sent, "a bare transfer is refused");
    }

    function testFuzz_dustStaysUnderOneUnitForEachPayeeForLife(uint256 seed, uint8 payees, uint8 rounds) public {
        uint256 n = bound(payees, 1, 12);
        Table memory t = open(uniform(n));
        uint256 total;
        for (uint256 i; i < bound(rounds, 1, 8); ++i) {
            uint256 amount = uint256(keccak256(abi.encode(seed, i))) % 1e12 + 1;
            total += amount;
            payToken(t, amount);
            claim(t, address(token), uint256(keccak256(abi.encode(seed, i, "who"))) % n);
        }
        for (uint256 i; i < n; ++i) {
            claim(t, address(token), i);
        }
        (uint128 received, uint128 paid) = royalties.pot(t.soupId, address(token));
        eq(received, total, "received");
        isTrue(paid <= received && received - paid < n, "dust");
        eq(token.balanceOf(address(royalties)), received - paid, "held");
    }

    function test_onlyFinalSoupsArePaid() public {
        bytes32 id = keccak256("unknown");
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.SoupNotFinal.selector, id));
        royalties.pay(id, address(token), 1);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.SoupNotFinal.selector, id));
        royalties.claim(id, address(token), 0, alice, 0, 1, noProof);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.NotSoups.selector, address(this), address(soups)));
        royalties.openSoup(id, id);
        Table memory t = open(uniform(2));
        vm.prank(address(soups));
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.AlreadyFinal.selector, t.soupId));
        royalties.openSoup(t.soupId, id);
    }

    function test_nobodyPaysNothing() public {
        Table memory t = open(uniform(2));
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.NothingReceived.selector, address(token)));
        royalties.pay(t.soupId, address(token), 0);
    }

    function test_onlyTheProvenIntervalIsPaid() public {
        Table memory t = open(shares(500_000_000, 300_000_000, 200_000_000));
        payToken(t, 1000);
        bytes32[] memory proof = proofOf(t, 0);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.WeightNotProven.selector, t.soupId, 0));
        royalties.claim(t.soupId, address(token), 0, bob, 0, 500_000_000, proof);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.WeightNotProven.selector, t.soupId, 0));
        royalties.claim(t.soupId, address(token), 0, alice, 0, 500_000_001, proof);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.WeightNotProven.selector, t.soupId, 1));
        royalties.claim(t.soupId, address(token), 1, alice, 0, 500_000_000, proof);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.IndexOutOfRange.selector, 4, 2));
        royalties.claim(t.soupId, address(token), 4, alice, 0, 500_000_000, proof);
        vm.expectRevert(abi.encodeWithSelector(Shares.IntervalInvalid.selector, 5, 5));
        royalties.shareBps(5, 5);
        vm.expectRevert(abi.encodeWithSelector(Shares.IntervalInvalid.selector, 0, 1e9 + 1));
        royalties.due(t.soupId, address(token), 0, 0, 1e9 + 1);
        // In the tree, and still no interval.
        Payment[] memory list = new Payment[](2);
        list[0] = Payment(0, bytes32(uint256(uint160(alice))), 5, 5);
        list[1] = Payment(0, bytes32(uint256(uint160(bob))), 0, 1e9 + 1);
        Table memory bad = open(list);
        payToken(bad, 1000);
        proof = proofOf(bad, 0);
        vm.expectRevert(abi.encodeWithSelector(Shares.IntervalInvalid.selector, 5, 5));
        royalties.claim(bad.soupId, address(token), 0, alice, 5, 5, proof);
        proof = proofOf(bad, 1);
        vm.expectRevert(abi.encodeWithSelector(Shares.IntervalInvalid.selector, 0, 1e9 + 1));
        royalties.claim(bad.soupId, address(token), 1, bob, 0, 1e9 + 1, proof);
    }

    function test_aMaliciousTreeCannotOverdrawItsPotNorTouchAnother() public {
        Table memory good = open(uniform(2));
        payToken(good, 1000);
        // Everybody gets everything.
        Payment[] memory greedy = new Payment[](3);
        for (uint256 i; i < 3; ++i) {
            greedy[i] = Payment(0, bytes32(uint256(uint160(person(i)))), 0, 1e9);
        }
        Table memory bad = open(greedy);
        payToken(bad, 100);
        eq(claim(bad, address(token), 0), 100, "the first takes all of this pot");
        bytes32[] memory proof = proofOf(bad, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IBitDeltaRoyalties.Overdrawn.selector, bad.soupId, address(token), 100, 100, 100)
        );
        royalties.claim(bad.soupId, address(token), 1, person(1), 0, 1e9, proof);
        eq(token.balanceOf(address(royalties)), 1000, "the other pot is whole");
    }

    function test_claimsPayTheCurrentController() public {
        Table memory t = open(uniform(2));
        payToken(t, 1000);
        vm.prank(person(0));
        identities.changeOwner(person(0), carol);
        claim(t, address(token), 0);
        eq(token.balanceOf(carol), 500, "new controller");
        vm.prank(person(1));
        identities.changeOwner(person(1), address(0));
        bytes32[] memory proof = proofOf(t, 1);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.IdentityDeactivated.selector, person(1)));
        royalties.claim(t.soupId, address(token), 1, person(1), 500_000_000, 1e9, proof);
        eq(royalties.due(t.soupId, address(token), 1, 500_000_000, 1e9), 500, "the share stays");
    }

    function test_claimToIsTheControllersAlone() public {
        Table memory t = open(uniform(2));
        payToken(t, 1000);
        bytes32[] memory proof = proofOf(t, 0);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.NotController.selector, person(0), bob, person(0)));
        royalties.claimTo(t.soupId, address(token), 0, person(0), 0, 500_000_000, proof, bob);
        vm.prank(person(0));
        identities.addDelegate(person(0), PUBLISH, bob, 10);
        vm.prank(bob);
        vm.expectPartialRevert(IBitDeltaRoyalties.NotController.selector);
        royalties.claimTo(t.soupId, address(token), 0, person(0), 0, 500_000_000, proof, bob);
        vm.prank(person(0));
        royalties.claimTo(t.soupId, address(token), 0, person(0), 0, 500_000_000, proof, carol);
        eq(token.balanceOf(carol), 500, "sent to carol");
    }

    function test_manySoupsInOneTransfer() public {
        Table[] memory tables = new Table[](4);
        for (uint256 i; i < 4; ++i) {
            tables[i] = open(uniform(3 + i));
            payToken(tables[i], 1000 * (i + 1));
        }
        (bytes32[] memory ids, uint256[] memory places, bytes32[] memory proofs) = many(tables, 0);
        uint256 expected;
        for (uint256 i; i < 4; ++i) {
            expected += royalties.due(tables[i].soupId, address(token), 0, 0, uint256(1e9) / (3 + i));
        }
        eq(royalties.claimMany(address(token), person(0), ids, places, proofs), expected, "sum");
        eq(token.balanceOf(person(0)), expected, "sent");
        eq(royalties.claimMany(address(token), person(0), ids, places, proofs), 0, "nothing twice");
        bytes32[] memory longer = new bytes32[](proofs.length + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IBitDeltaRoyalties.LengthMismatch.selector, ids.length * 4, places.length - 1)
        );
        royalties.claimMany(address(token), person(0), ids, shorter(places), longer);
    }

    function test_aSoupThatAppearsTwiceInOneClaimIsPaidOnce() public {
        Table[] memory tables = new Table[](2);
        tables[0] = open(uniform(4));
        tables[1] = tables[0];
        payToken(tables[0], 1000);
        (bytes32[] memory ids, uint256[] memory places, bytes32[] memory proofs) = many(tables, 0);
        eq(royalties.claimMany(address(token), person(0), ids, places, proofs), 250, "once");
    }

    // ---- nested soups

    function test_aChildsShareReachesItsParentsPayees() public {
        Table memory parent = open(uniform(2));
        Payment[] memory list = new Payment[](2);
        list[0] = Payment(Payee.IDENTITY, bytes32(uint256(uint160(carol))), 0, 600_000_000);
        list[1] = Payment(Payee.SOUP, parent.soupId, 600_000_000, 1e9);
        Table memory child = open(list);
        payToken(child, 1000);
        eq(
            royalties.pull(child.soupId, address(token), 1, parent.soupId, 600_000_000, 1e9, proofOf(child, 1)),
            400,
            "pulled"
        );
        eq(token.balanceOf(address(royalties)), 1000, "no token moved");
        eq(claim(parent, address(token), 0), 200, "first of the parent");
        eq(claim(parent, address(token), 1), 200, "second of the parent");
        eq(claim(child, address(token), 0), 600, "carol");
        eq(token.balanceOf(address(royalties)), 0, "all out");
    }

    function test_aParentThatIsNotFinalWaits() public {
        bytes32 parent = keccak256("not yet");
        Payment[] memory list = new Payment[](1);
        list[0] = Payment(Payee.SOUP, parent, 0, 1e9);
        Table memory child = open(list);
        payToken(child, 1000);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.SoupNotFinal.selector, parent));
        royalties.pull(child.soupId, address(token), 0, parent, 0, 1e9, noProof);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.SameSoup.selector, child.soupId));
        royalties.pull(child.soupId, address(token), 0, child.soupId, 0, 1e9, noProof);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.WeightNotProven.selector, child.soupId, 0));
        royalties.claim(child.soupId, address(token), 0, address(uint160(uint256(parent))), 0, 1e9, noProof);
    }

    // ---- permits, LP-303, views

    function test_aPermitThatWasUsedFirstDoesNotMatter() public {
        Table memory t = open(uniform(2));
        token.mint(alice, 1000);
        uint256 deadline = clock();
        bytes32 hash = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                alice,
                address(royalties),
                uint256(100),
                uint256(0),
                deadline
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ALICE_KEY, typed(token.DOMAIN_SEPARATOR(), hash));
        uint256 state = vm.snapshotState();
        vm.prank(alice);
        royalties.payWithPermit(t.soupId, address(token), 100, deadline, v, r, s);
        vm.revertToState(state);
        vm.prank(bob);
        token.permit(alice, address(royalties), 100, deadline, v, r, s);
        vm.prank(alice);
        eq(royalties.payWithPermit(t.soupId, address(token), 100, deadline, v, r, s), 100, "paid all the same");
    }

    function test_lp303PullsTheRoyaltyToken() public {
        Table memory t = open(uniform(2));
        vm.prank(payer);
        royalties.distributeRoyalties{ value: 10 }(t.soupId, 10);
        (uint128 received,) = royalties.pot(t.soupId, address(0));
        eq(received, 10, "received");
    }

    function testFuzz_erc2981NeverOverflows(uint256 price) public {
        Table memory t = open(uniform(2));
        (address to, uint256 amount) = royalties.royaltyInfo(uint256(t.soupId), price);
        eq(to, address(royalties), "receiver");
        eq(amount, price / 10_000 * ROYALTY_BPS + price % 10_000 * ROYALTY_BPS / 10_000, "rate");
        (to, amount) = royalties.royaltyInfo(1, price);
        eq(to, address(0), "unknown soup");
        eq(royalties.shareBps(0, 333_333_333), 3333, "basis points");
    }

    function test_aPotCannotOverflow() public {
        Table memory t = open(uniform(2));
        token.mint(payer, type(uint128).max);
        payToken(t, type(uint128).max);
        vm.prank(payer);
        vm.expectRevert(
            abi.encodeWithSelector(
                IBitDeltaRoyalties.AmountTooLarge.selector, uint256(type(uint128).max) + 1, type(uint128).max
            )
        );
        royalties.pay(t.soupId, address(token), 1);
        eq(claim(t, address(token), 0), uint256(type(uint128).max) / 2, "half");
    }

    // ---- vouchers

    function test_aVoucherIsCumulative() public {
        Table memory t = open(uniform(2));
        escrow(1000);
        eq(settleOne(t, 100, clock()), 1, "first");
        eq(settleOne(t, 250, clock()), 1, "later one");
        eq(settleOne(t, 250, clock()), 0, "replay adds nothing");
        eq(settleOne(t, 100, clock()), 0, "older one adds nothing");
        (uint128 received,) = royalties.pot(t.soupId, address(token));
        eq(received, 250, "received");
        (uint128 left,,) = royalties.escrow(alice, address(token));
        eq(left, 750, "escrow");
        eq(royalties.drawn(t.soupId, address(token), alice), 250, "drawn");
        eq(claim(t, address(token), 0), 125, "claimable");
    }

    function test_oneBadVoucherIsSkipped() public {
        Table memory t = open(uniform(2));
        escrow(1000);
        IBitDeltaRoyalties.Voucher[] memory list = new IBitDeltaRoyalties.Voucher[](6);
        bytes memory signatures;
        for (uint256 i; i < 6; ++i) {
            list[i] =
                IBitDeltaRoyalties.Voucher(t.soupId, address(token), alice, uint128(10 * (i + 1)), uint64(clock()));
        }
        list[1].expiry = uint64(clock() - 1);
        list[2].cumulative = 5;
        list[4].cumulative = 100_000;
        list[5].soupId = keccak256("not final");
        for (uint256 i; i < 6; ++i) {
            signatures = bytes.concat(signatures, voucherSignature(ALICE_KEY, list[i]));
        }
        signatures[3 * 65] ^= 0x01;
        vm.recordLogs();
        eq(royalties.settle(list, signatures), 1, "one settled");
        (uint128 received,) = royalties.pot(t.soupId, address(token));
        eq(received, 10, "the good one");
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.LengthMismatch.selector, 390, 0));
        royalties.settle(list, "");
    }

    function test_aVoucherBindsChainAndContract() public {
        Table memory t = open(uniform(2));
        escrow(1000);
        IBitDeltaRoyalties.Voucher[] memory list = new IBitDeltaRoyalties.Voucher[](1);
        list[0] = IBitDeltaRoyalties.Voucher(t.soupId, address(token), alice, 10, uint64(clock()));
        bytes memory signature = voucherSignature(ALICE_KEY, list[0]);
        vm.chainId(1);
        eq(royalties.settle(list, signature), 0, "another chain");
        vm.chainId(31_337);
        eq(royalties.settle(list, voucherSignature(BOB_KEY, list[0])), 0, "another key");
        eq(royalties.settle(list, signature), 1, "here");
    }

    function test_escrowLeavesOnlyAfterTheDelay() public {
        Table memory t = open(uniform(2));
        escrow(1000);
        vm.startPrank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IBitDeltaRoyalties.NoWithdrawalRequested.selector, alice, address(token))
        );
        royalties.withdraw(address(token));
        vm.expectRevert(
            abi.encodeWithSelector(IBitDeltaRoyalties.EscrowTooLow.selector, alice, address(token), 1000, 1001)
        );
        royalties.requestWithdraw(address(token), 1001);
        royalties.requestWithdraw(address(token), 900);
        uint256 ready = clock() + ESCROW_DELAY;
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.WithdrawalPending.selector, ready));
        royalties.withdraw(address(token));
        vm.stopPrank();
        eq(settleOne(t, 300, clock()), 1, "vouchers still draw");
        vm.warp(ready);
        vm.prank(alice);
        eq(royalties.withdraw(address(token)), 700, "what is left of it");
        vm.prank(alice);
        vm.expectPartialRevert(IBitDeltaRoyalties.NoWithdrawalRequested.selector);
        royalties.withdraw(address(token));
    }

    // ---- weird tokens

    function test_feeOnTransferCountsWhatArrived() public {
        FeeToken fee = new FeeToken();
        fee.mint(payer, 1e6);
        Table memory t = open(uniform(1));
        vm.startPrank(payer);
        fee.approve(address(royalties), type(uint256).max);
        eq(royalties.pay(t.soupId, address(fee), 1000), 990, "received");
        vm.stopPrank();
        eq(claim(t, address(fee), 0), 990, "claimed");
        eq(fee.balanceOf(address(royalties)), 0, "solvent");
        fee.mint(alice, 1e6);
        vm.startPrank(alice);
        fee.approve(address(royalties), type(uint256).max);
        eq(royalties.deposit(address(fee), 1000), 990, "escrow counts what arrived");
        vm.stopPrank();
    }

    function test_aTokenWithoutAnswerWorksAndOneThatAnswersFalseDoesNot() public {
        OldToken old = new OldToken();
        old.mint(payer, 1e6);
        Table memory t = open(uniform(1));
        vm.prank(payer);
        old.approve(address(royalties), type(uint256).max);
        vm.prank(payer);
        royalties.pay(t.soupId, address(old), 1000);
        eq(claim(t, address(old), 0), 1000, "claimed");

        old.behave(true, false);
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(old)));
        royalties.pay(t.soupId, address(old), 1000);

        old.behave(false, false);
        vm.prank(payer);
        royalties.pay(t.soupId, address(old), 1000);
        old.behave(true, false);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(old)));
        royalties.claim(t.soupId, address(old), 0, person(0), 0, 1e9, noProof);
        eq(royalties.claimed(t.soupId, address(old), 0), 1000, "a claim that failed took nothing");
    }

    function test_aTokenThatMovesNothingCreditsNothing() public {
        OldToken old = new OldToken();
        old.mint(payer, 1e6);
        old.behave(false, true);
        Table memory t = open(uniform(1));
        vm.prank(payer);
        old.approve(address(royalties), type(uint256).max);
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.NothingReceived.selector, address(old)));
        royalties.pay(t.soupId, address(old), 1000);
    }

    function test_aCallbackGainsNothing() public {
        CallbackToken callback = new CallbackToken();
        Thief thief = new Thief(IBitDeltaRoyaltiesLike(address(royalties)), callback);
        Payment[] memory list = new Payment[](2);
        list[0] = Payment(0, bytes32(uint256(uint160(address(thief)))), 0, 500_000_000);
        list[1] = Payment(0, bytes32(uint256(uint160(bob))), 500_000_000, 1e9);
        Table memory t = open(list);
        callback.mint(payer, 1e6);
        vm.startPrank(payer);
        callback.approve(address(royalties), type(uint256).max);
        royalties.pay(t.soupId, address(callback), 1000);
        vm.stopPrank();
        thief.arm(t.soupId, proofOf(t, 0));
        claim(t, address(callback), 0);
        eq(callback.balanceOf(address(thief)), 500, "once");
        isTrue(thief.tried() && thief.entered(), "it entered while it was paid, and there was nothing left for it");
        (, uint128 paid) = royalties.pot(t.soupId, address(callback));
        eq(paid, 500, "booked once");
        callback.mint(address(thief), 100);
        thief.payDuringPay(t.soupId, 100);
        (uint128 received,) = royalties.pot(t.soupId, address(callback));
        eq(received, 1100, "a payment inside a payment is not counted twice");
    }

    function test_aReceiverThatRevertsHurtsNobodyElse() public {
        Payment[] memory list = new Payment[](2);
        list[0] = Payment(0, bytes32(uint256(uint160(address(this)))), 0, 500_000_000);
        list[1] = Payment(0, bytes32(uint256(uint160(bob))), 500_000_000, 1e9);
        Table memory t = open(list);
        vm.prank(payer);
        royalties.pay{ value: 100 }(t.soupId, address(0), 100);
        bytes32[] memory proof = proofOf(t, 0);
        vm.expectRevert(abi.encodeWithSelector(IBitDeltaRoyalties.SendFailed.selector, address(this), 50));
        royalties.claim(t.soupId, address(0), 0, address(this), 0, 500_000_000, proof);
        eq(claim(t, address(0), 1), 50, "bob");
        royalties.claimTo(t.soupId, address(0), 0, address(this), 0, 500_000_000, proof, carol);
    }

    // ---- small things

    function payToken(Table memory t, uint256 amount) private {
        vm.prank(payer);
        royalties.pay(t.soupId, address(token), amount);
    }

    function escrow(uint256 amount) private {
        token.mint(alice, amount);
        vm.startPrank(alice);
        token.approve(address(royalties), amount);
        royalties.deposit(address(token), amount);
        vm.stopPrank();
    }

    function settleOne(Table memory t, uint256 cumulative, uint256 expiry) private returns (uint256) {
        IBitDeltaRoyalties.Voucher[] memory list = new IBitDeltaRoyalties.Voucher[](1);
        list[0] = IBitDeltaRoyalties.Voucher(t.soupId, address(token), alice, uint128(cumulative), uint64(expiry));
        return royalties.settle(list, voucherSignature(ALICE_KEY, list[0]));
    }

    function shorter(uint256[] memory list) private pure returns (uint256[] memory cut) {
        cut = new uint256[](list.length - 1);
        for (uint256 i; i < cut.length; ++i) {
            cut[i] = list[i];
        }
    }
}

/// @notice Tries to claim again while it is being paid, and to pay while it pays.
contract Thief {
    IBitDeltaRoyaltiesLike private immutable ROYALTIES;
    CallbackToken private immutable TOKEN;
    bytes32 private soupId;
    bytes32[] private proof;
    bool private armed;
    bool public tried;
    bool public entered;

    constructor(IBitDeltaRoyaltiesLike royalties, CallbackToken token) {
        ROYALTIES = royalties;
        TOKEN = token;
    }

    function arm(bytes32 soupId_, bytes32[] calldata proof_) external {
        soupId = soupId_;
        proof = proof_;
        armed = true;
    }

    function payDuringPay(bytes32 soupId_, uint256 amount) external {
        TOKEN.approve(address(ROYALTIES), type(uint256).max);
        armed = true;
        ROYALTIES.pay(soupId_, address(TOKEN), amount);
    }

    function onToken(uint256 amount) external {
        if (!armed) {
            return;
        }
        armed = false;
        tried = true;
        try ROYALTIES.pay(soupId, address(TOKEN), amount / 2) {
            entered = true;
        } catch { }
        try ROYALTIES.claim(soupId, address(TOKEN), 0, address(this), 0, 500_000_000, proof) {
            entered = true;
        } catch { }
    }
}

interface IBitDeltaRoyaltiesLike {
    function pay(bytes32 soupId, address token, uint256 amount) external payable returns (uint256);
    function claim(
        bytes32 soupId,
        address token,
        uint256 index,
        address identity,
        uint256 start,
        uint256 end,
        bytes32[] calldata proof
    ) external returns (uint256);
}
