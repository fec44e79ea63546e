// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBitDeltaRoyalties } from "../src/interfaces/IBitDeltaRoyalties.sol";
import { Payee } from "../src/types/Soup.sol";
import { Stall } from "./harness/Stall.sol";
import { BlockingToken, CallbackToken, PlainToken, RebasingToken } from "./harness/Tokens.sol";

/// @notice Tokens and receivers that do not behave: what they do must stay their own pots' affair.
contract WeirdTokensTest is Stall {
    PlainToken private plain;

    function setUp() public {
        deploy();
        plain = new PlainToken();
    }

    // ---- re-entrancy

    function test_nothingRunsInsideAMeasurement() public {
        CallbackToken token = new CallbackToken();
        Table memory t = open(uniform(2));
        for (uint8 entry; entry < 3; ++entry) {
            Intruder intruder = new Intruder(address(royalties), address(token), t.soupId);
            token.mint(address(intruder), 1000);
            intruder.enter(entry);
            eq(intruder.calls(), 10, "it tried them all");
            for (uint256 i; i < 10; ++i) {
                eq(
                    intruder.answers(i),
                    IBitDeltaRoyalties.PaymentInProgress.selector,
                    "refused because of the measurement"
                );
            }
        }
        (uint128 received, uint128 paid) = royalties.pot(t.soupId, address(token));
        eq(received, 200, "two payments");
        eq(paid, 0, "nothing paid out");
        eq(token.balanceOf(address(royalties)), 300, "two payments and a deposit");
    }

    function test_aMeasurementEndsWithItsTransaction() public {
        Table memory t = open(uniform(1));
        fund(plain, payer, 100);
        vm.prank(payer);
        royalties.pay(t.soupId, address(plain), 60);
        // Within one transaction, too: the lock is open again.
        vm.prank(payer);
        royalties.pay(t.soupId, address(plain), 40);
        eq(claim(t, address(plain), 0), 100, "claimed");
    }

    function test_whoIsCalledWhileItIsPaidCannotBePaidTwice() public {
        Collector collector = new Collector(address(royalties));
        Payment[] memory list = new Payment[](2);
        list[0] = Payment(0, bytes32(uint256(uint160(address(collector)))), 0, 500_000_000);
        list[1] = Payment(0, bytes32(uint256(uint160(bob))), 500_000_000, 1e9);
        Table memory t = open(list);
        vm.prank(payer);
        royalties.pay{ value: 1000 }(t.soupId, address(0), 1000);
        collector.arm(t.soupId, proofOf(t, 0));
        claim(t, address(0), 0);
        eq(collector.again(), 1, "it claimed again from inside");
        eq(address(collector).balance, 500, "and got its share once");
        eq(claim(t, address(0), 1), 500, "the other share is whole");
        eq(address(royalties).balance, 0, "all out");
    }

    // ---- balances that move by themselves

    function test_aRebasingTokenHurtsItsOwnPotsOnly() public {
        RebasingToken token = new RebasingToken();
        Table memory t = open(uniform(2));
        Table memory other = open(uniform(1));
        fund(token, payer, 1000);
        fund(plain, payer, 1000);
        vm.startPrank(payer);
        royalties.pay(t.soupId, address(token), 1000);
        royalties.pay(other.soupId, address(plain), 1000);
        vm.stopPrank();
        token.rebase(50);
        eq(claim(t, address(token), 0), 500, "the first takes what is left");
        bytes32[] memory proof = proofOf(t, 1);
        vm.expectRevert();
        royalties.claim(t.soupId, address(token), 1, person(1), 500_000_000, 1e9, proof);
        eq(royalties.claimed(t.soupId, address(token), 1), 0, "what failed took nothing");
        eq(claim(other, address(plain), 0), 1000, "other tokens know nothing of it");
        // What grows by itself is nobody's: it is not credited, and it makes good what shrank.
        token.mint(address(royalties), 2000);
        eq(claim(t, address(token), 1), 500, "later");
        (uint128 received, uint128 paid) = royalties.pot(t.soupId, address(token));
        eq(received, paid, "nothing beyond what was paid in");
    }

    // ---- receivers

    function test_aBlockedReceiverHurtsNobodyElse() public {
        BlockingToken token = new BlockingToken();
        Table memory t = open(uniform(2));
        fund(token, payer, 1000);
        vm.prank(payer);
        royalties.pay(t.soupId, address(token), 1000);
        token.block_(person(0));
        bytes32[] memory proof = proofOf(t, 0);
        vm.expectRevert(abi.encodeWithSelector(BlockingToken.Blocked.selector, person(0)));
        royalties.claim(t.soupId, address(token), 0, person(0), 0, 500_000_000, proof);
        eq(claim(t, address(token), 1), 500, "the other one");
        vm.prank(person(0));
        eq(
            royalties.claimTo(t.soupId, address(token), 0, person(0), 0, 500_000_000, proof, carol),
            500,
            "its controller names another receiver"
        );
    }

    function test_aReceiverThatBurnsGasHurtsNobodyElse() public {
        Burner burner = new Burner();
        Payment[] memory list = new Payment[](2);
        list[0] = Payment(0, bytes32(uint256(uint160(address(burner)))), 0, 500_000_000);
        list[1] = Payment(0, bytes32(uint256(uint160(bob))), 500_000_000, 1e9);
        Table memory t = open(list);
        vm.prank(payer);
        royalties.pay{ value: 1000 }(t.soupId, address(0), 1000);
        bytes32[] memory proof = proofOf(t, 0);
        try royalties.claim{ gas: 500_000 }(t.soupId, address(0), 0, address(burner), 0, 500_000_000, proof) {
            revert NotTrue("the burner cannot be paid");
        } catch { }
        eq(royalties.claimed(t.soupId, address(0), 0), 0, "its share waits");
        eq(claim(t, address(0), 1), 500, "the other one");
        vm.prank(address(burner));
        royalties.claimTo(t.soupId, address(0), 0, address(burner), 0, 500_000_000, proof, carol);
    }

    function test_aTokenWithoutCodeIsNone() public {
        Table memory t = open(uniform(1));
        vm.prank(payer);
        vm.expectRevert();
        royalties.pay(t.soupId, address(0xC0DE1E55), 1);
    }

    function test_aParentIsPaidWithoutCallingAnybody() public {
        Table memory parent = open(uniform(2));
        Payment[] memory list = new Payment[](1);
        list[0] = Payment(Payee.SOUP, parent.soupId, 0, 1e9);
        Table memory child = open(list);
        BlockingToken token = new BlockingToken();
        fund(token, payer, 1000);
        vm.prank(payer);
        royalties.pay(child.soupId, address(token), 1000);
        token.block_(address(royalties));
        eq(royalties.pull(child.soupId, address(token), 0, parent.soupId, 0, 1e9, noProof), 1000, "pulled");
    }

    // ---- trees with two intervals under one index

    function test_anIndexThatNamesTwoLeavesDrawsTheLargerOnce() public {
        // The right child of the root is leaf 1 at depth one; leaf 1 at depth two lies under the left child.
        bytes32 big = weight(1, alice, 0, 1e9);
        bytes32 small = weight(1, alice, 0, 400_000_000);
        bytes32 filler = keccak256("filler");
        bytes32 inner = keccak256(abi.encode(filler, small));
        bytes32 root = keccak256(abi.encode(inner, big));
        bytes32 soupId = keccak256("two under one");
        vm.prank(address(soups));
        royalties.openSoup(soupId, root);
        fund(plain, payer, 1000);
        vm.prank(payer);
        royalties.pay(soupId, address(plain), 1000);
        bytes32[] memory deep = new bytes32[](2);
        (deep[0], deep[1]) = (filler, big);
        bytes32[] memory flat = new bytes32[](1);
        flat[0] = inner;
        eq(royalties.claim(soupId, address(plain), 1, alice, 0, 400_000_000, deep), 400, "the smaller");
        eq(royalties.claim(soupId, address(plain), 1, alice, 0, 1e9, flat), 600, "the larger adds the difference");
        eq(royalties.claim(soupId, address(plain), 1, alice, 0, 400_000_000, deep), 0, "the smaller has nothing left");
        (uint128 received, uint128 paid) = royalties.pot(soupId, address(plain));
        eq(received, paid, "never more than came in");
    }

    // ---- small things

    function weight(uint256 index, address who, uint256 start, uint256 end) private pure returns (bytes32) {
        return
            keccak256(abi.encode(keccak256("bitdelta.weight.v1"), index, uint256(0), uint256(uint160(who)), start, end));
    }

    function fund(PlainToken token, address who, uint256 amount) private {
        token.mint(who, amount);
        vm.prank(who);
        token.approve(address(royalties), type(uint256).max);
    }
}

/// @notice A payer whose token calls it back in the middle of its payment: it tries every door and notes the answers.
contract Intruder {
    IBitDeltaRoyalties private immutable ROYALTIES;
    CallbackToken private immutable TOKEN;
    bytes32 private immutable SOUP;
    uint256 public calls;
    mapping(uint256 call => bytes32 selector) public answers;
    bool private armed;

    constructor(address royalties, address token, bytes32 soupId) {
        ROYALTIES = IBitDeltaRoyalties(royalties);
        TOKEN = CallbackToken(token);
        SOUP = soupId;
        TOKEN.approve(royalties, type(uint256).max);
    }

    receive() external payable { }

    function enter(uint8 door) external {
        armed = true;
        if (door == 0) {
            ROYALTIES.pay(SOUP, address(TOKEN), 100);
        } else if (door == 1) {
            ROYALTIES.payWithPermit(SOUP, address(TOKEN), 100, 0, 27, 0, 0);
        } else {
            ROYALTIES.deposit(address(TOKEN), 100);
        }
    }

    function onToken(uint256) external {
        if (!armed) {
            return;
        }
        armed = false;
        address token = address(TOKEN);
        bytes32[] memory none;
        uint256[] memory nowhere;
        IBitDeltaRoyalties.Voucher[] memory vouchers;
        attempt(abi.encodeCall(IBitDeltaRoyalties.pay, (SOUP, token, 1)));
        attempt(abi.encodeCall(IBitDeltaRoyalties.payWithPermit, (SOUP, token, 1, 0, 27, 0, 0)));
        attempt(abi.encodeCall(IBitDeltaRoyalties.distributeRoyalties, (SOUP, 0)));
        attempt(abi.encodeCall(IBitDeltaRoyalties.deposit, (token, 1)));
        attempt(abi.encodeCall(IBitDeltaRoyalties.claim, (SOUP, token, 0, address(0x1000), 0, 500_000_000, none)));
        attempt(
            abi.encodeCall(
                IBitDeltaRoyalties.claimTo, (SOUP, token, 0, address(this), 0, 500_000_000, none, address(this))
            )
        );
        attempt(abi.encodeCall(IBitDeltaRoyalties.claimMany, (token, address(this), none, nowhere, none)));
        attempt(abi.encodeCall(IBitDeltaRoyalties.pull, (SOUP, token, 0, bytes32("parent"), 0, 500_000_000, none)));
        attempt(abi.encodeCall(IBitDeltaRoyalties.withdraw, (token)));
        attempt(abi.encodeCall(IBitDeltaRoyalties.settle, (vouchers, "")));
    }

    function attempt(bytes memory data) private {
        (bool done, bytes memory answer) = address(ROYALTIES).call(data);
        answers[calls++] = done ? bytes32("it was let in") : bytes32(bytes4(answer));
    }
}

/// @notice Claims again while it is being paid.
contract Collector {
    IBitDeltaRoyalties private immutable ROYALTIES;
    bytes32 private soupId;
    bytes32[] private proof;
    uint256 public again;

    constructor(address royalties) {
        ROYALTIES = IBitDeltaRoyalties(royalties);
    }

    receive() external payable {
        if (again == 0) {
            again = 1;
            ROYALTIES.claim(soupId, address(0), 0, address(this), 0, 500_000_000, proof);
        }
    }

    function arm(bytes32 soupId_, bytes32[] calldata proof_) external {
        soupId = soupId_;
        proof = proof_;
    }
}

contract Burner {
    receive() external payable {
        while (gasleft() > 0) { }
    }
}
