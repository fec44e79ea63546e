// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IDeltaSoups } from "../src/interfaces/IDeltaSoups.sol";
import { CaseKind, Rules, SoupStatus, Trees } from "../src/types/Soup.sol";
import { Kitchen } from "./harness/Kitchen.sol";

/// @notice Controllers, proposers and challengers that try to make other people's transactions expensive or impossible.
contract GriefingTest is Kitchen {
    function setUp() public {
        deploy();
    }

    function test_aProposerCannotMakeItsFinalizationExpensive() public {
        for (uint8 kind; kind < 3; ++kind) {
            Griefer griefer = new Griefer(kind);
            Brew memory b = cookedBy(address(griefer), kind);
            vm.deal(address(griefer), BOND);
            vm.prank(address(griefer));
            soups.propose{ value: BOND }(b.header, "");
            vm.warp(clock() + WINDOW);
            uint256 before = gasleft();
            soups.finalize(b.soupId, b.header);
            atMost(before - gasleft(), 160_000, "whatever the receiver does");
            eq(uint8(soups.soup(b.soupId).status), uint8(SoupStatus.Final), "final");
            eq(soups.credit(address(griefer)), BOND, "the bond waits as a credit");
        }
    }

    function test_aChallengerThatRefusesMoneyStopsNoOutcome() public {
        Griefer griefer = new Griefer(0);
        Brew memory b = served(3, 1);
        uint256 bond = bondFor(uint8(CaseKind.Vote), b);
        vm.deal(address(griefer), bond);
        vm.prank(address(griefer));
        uint256 id = soups.challenge{ value: bond }(b.soupId, b.header, Trees.SIGNS, 0, 0);
        soups.answer(id, b.header, wordsOf(b.members, 0, 0), b.signs, noProof, "", noProof);
        vm.warp(clock() + RESPONSE + 1);
        soups.settle(id);
        vm.warp(clock() + WINDOW);
        soups.finalize(b.soupId, b.header);
        eq(uint8(soups.soup(b.soupId).status), uint8(SoupStatus.Final), "final");
    }

    function test_anErc1271ControllerThatBurnsGasStopsOnlyItself() public {
        Griefer griefer = new Griefer(1);
        Brew memory b = served(3, 1);
        address identity = b.members[0].delta.identity;
        vm.prank(identity);
        identities.changeOwner(identity, address(griefer));
        bytes32 terms = soups.termsHashOf(b.header);
        bytes32 first = b.members[0].id;
        uint256 deadline = clock() + 1;
        // The relay's call fails within the gas that it gave, and nothing is recorded.
        try soups.giveConsent{ gas: 300_000 }(first, terms, deadline, new bytes(65)) {
            revert NotTrue("a controller that never answers consents to nothing");
        } catch { }
        (uint40 givenAt,,) = soups.consent(first, terms);
        eq(givenAt, 0, "no consent");
        bytes memory signature = consentSignature(b, 1, deadline);
        soups.giveConsent(b.members[1].id, terms, deadline, signature);
        (givenAt,,) = soups.consent(b.members[1].id, terms);
        eq(givenAt, clock(), "the others' consents are taken");
        // What the member signed before still counts, so the proposer can show it without calling the new controller.
        uint256 bond = bondFor(uint8(CaseKind.Member), b);
        vm.prank(alice);
        uint256 id = soups.openMember{ value: bond }(b.soupId, b.header, 0);
        show(b, id);
        eq(uint8(soups.caseOf(id).status), 3, "held");
    }

    function test_aWithdrawalThatFailsLeavesTheCredit() public {
        Griefer griefer = new Griefer(0);
        Brew memory b = cookedBy(address(griefer), 7);
        vm.deal(address(griefer), BOND);
        vm.prank(address(griefer));
        soups.propose{ value: BOND }(b.header, "");
        vm.warp(clock() + WINDOW);
        soups.finalize(b.soupId, b.header);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.SendFailed.selector, address(griefer), BOND));
        soups.withdraw(address(griefer));
        eq(soups.credit(address(griefer)), BOND, "still there");
    }

    function show(Brew memory b, uint256 id) private {
        bytes memory consent = consentSignature(b, 0, b.header.snapshot + 1);
        bytes32[] memory memberProof = proofOf(b.memberLeaves, 0);
        bytes32[] memory weightProof = proofOf(b.weightLeaves, 0);
        soups.showMember(
            id,
            b.header,
            b.members[0].delta,
            memberProof,
            b.members[0].roots,
            b.header.snapshot + 1,
            consent,
            weightProof
        );
    }

    function cookedBy(address proposer, uint256 seed) private returns (Brew memory b) {
        Member[] memory members = membersOf(3, seed + 100);
        vm.warp(clock() + LAG + 1);
        b = cook(members, Rules.MAJORITY, 0);
        b.proposer = proposer;
        seal(b);
    }

    function proofOf(bytes32[] memory leaves, uint256 i) private pure returns (bytes32[] memory proof) {
        proof = new bytes32[](2);
        proof[0] = leaves[i ^ 1];
        proof[1] = keccak256(abi.encode(leaves[2], bytes32(0)));
    }
}

/// @notice Refuses money, burns all gas, or answers with megabytes.
contract Griefer {
    uint8 private immutable KIND;

    constructor(uint8 kind) {
        KIND = kind;
    }

    receive() external payable {
        grief();
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        grief();
        return this.isValidSignature.selector;
    }

    function grief() private view {
        uint8 kind = KIND;
        if (kind == 0) {
            assembly {
                revert(0, 0)
            }
        } else if (kind == 1) {
            while (gasleft() > 0) { }
        } else {
            assembly {
                revert(0, 1000000)
            }
        }
    }
}
