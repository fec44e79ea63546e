// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IDeltaSoups } from "../src/interfaces/IDeltaSoups.sol";
import { ISoupRules } from "../src/interfaces/ISoupRules.sol";
import { Rules, Soup, SoupStatus } from "../src/types/Soup.sol";
import { Kitchen } from "./harness/Kitchen.sol";

/// @notice Proposing, consent and finality. The challenge game is in Challenge.t.sol.
contract DeltaSoupsTest is Kitchen {
    function setUp() public {
        deploy();
    }

    function test_proposeTakesOneSlotAndTheBond() public {
        Brew memory b = served(3, 1);
        Soup memory s = soups.soup(b.soupId);
        eq(s.proposer, carol, "proposer");
        eq(s.closesAt, clock() + WINDOW, "closesAt");
        eq(s.hardClose, clock() + WINDOW + 8 * RESPONSE, "hardClose");
        eq(uint256(s.status), uint256(SoupStatus.Proposed), "status");
        eq(address(soups).balance, BOND, "bond held");
    }

    function test_finalizeOpensTheRoyaltiesAndReturnsTheBond() public {
        Brew memory b = served(3, 1);
        uint256 before = carol.balance;
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.WindowOpen.selector, b.soupId, clock() + WINDOW));
        soups.finalize(b.soupId, b.header);
        vm.warp(clock() + WINDOW);
        soups.finalize(b.soupId, b.header);
        eq(royalties.weightsRoot(b.soupId), b.header.weightsRoot, "weightsRoot");
        eq(carol.balance, before + BOND, "bond");
        eq(address(soups).balance, 0, "nothing left");
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.NotProposed.selector, b.soupId, SoupStatus.Final));
        soups.finalize(b.soupId, b.header);
    }

    function test_aSoupIsProposedOnce() public {
        Brew memory b = served(3, 1);
        vm.deal(carol, BOND);
        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.SoupExists.selector, b.soupId));
        soups.propose{ value: BOND }(b.header, "");
    }

    function test_everyCallBringsTheTrueHeader() public {
        Brew memory b = served(3, 1);
        vm.warp(clock() + WINDOW);
        b.header.weightsRoot ^= bytes32(uint256(1));
        vm.expectRevert(
            abi.encodeWithSelector(IDeltaSoups.HeaderMismatch.selector, b.soupId, soups.soupIdOf(b.proposer, b.header))
        );
        soups.finalize(b.soupId, b.header);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.UnknownSoup.selector, bytes32(uint256(7))));
        soups.finalize(bytes32(uint256(7)), b.header);
    }

    function test_bondIsExact() public {
        Brew memory b = unproposed();
        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.WrongBond.selector, BOND - 1, BOND));
        soups.propose{ value: BOND - 1 }(b.header, "");
    }

    function test_headersThatCannotBe() public {
        Brew memory b = unproposed();
        b.header.members = 0;
        refused(b, "members", 0);
        b.header.members = 3001;
        refused(b, "members", 3001);
        b.header.members = 3;
        b.header.payees = 2;
        refused(b, "payees", 2);
        b.header.payees = 3;
        b.header.byzantine = 1;
        refused(b, "byzantine", 1);
        b.header.rule = Rules.CERTIFIED;
        b.header.byzantine = 2;
        refused(b, "byzantine", 2);
        b.header.byzantine = 1;
        refused(b, "abstainRoot", 0);
        b.header.rule = 3;
        refused(b, "rule", 3);
        b.header.rule = Rules.MAJORITY;
        b.header.byzantine = 0;
        b.header.weightsRule = Rules.ATTESTED;
        refused(b, "weightsRule", 2);
        b.header.weightsRule = Rules.UNIFORM;
        b.header.nSigns = 0;
        refused(b, "nSigns", 0);
        b.header.nSigns = 1;
        b.header.nScales = 0;
        refused(b, "nScales", 0);
        b.header.nScales = 1;
        b.header.requiredFlags = 16;
        refused(b, "requiredFlags", 16);
    }

    function test_snapshotLiesBetweenALagAndADayBack() public {
        Brew memory b = unproposed();
        b.header.snapshot = uint40(clock() - LAG + 1);
        vm.deal(carol, BOND);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISoupRules.SnapshotOutOfRange.selector, b.header.snapshot, clock() - 1 days, clock() - LAG
            )
        );
        vm.prank(carol);
        soups.propose{ value: BOND }(b.header, "");
        b.header.snapshot = uint40(clock() - 1 days - 1);
        vm.expectPartialRevert(ISoupRules.SnapshotOutOfRange.selector);
        vm.prank(carol);
        soups.propose{ value: BOND }(b.header, "");
        b.header.snapshot = uint40(clock() - LAG);
        vm.prank(carol);
        soups.propose{ value: BOND }(b.header, "");
    }

    function test_soupIdBindsProposerChainAndContract() public {
        Brew memory b = unproposed();
        isTrue(soups.soupIdOf(alice, b.header) != b.soupId, "proposer");
        vm.chainId(1);
        isTrue(soups.soupIdOf(carol, b.header) != b.soupId, "chain");
    }

    function test_consentOnChainAndItsEnd() public {
        Member memory m = memberOf(ALICE_KEY, 5);
        publishMember(m);
        bytes32 terms = keccak256("terms");
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.NotController.selector, alice, bob, alice));
        soups.giveConsent(m.id, terms, clock(), "");
        vm.prank(alice);
        soups.giveConsent(m.id, terms, clock() + 9, "");
        (uint40 givenAt, uint40 deadline,) = soups.consent(m.id, terms);
        eq(givenAt, clock(), "givenAt");
        eq(deadline, clock() + 9, "deadline");
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.NotController.selector, alice, bob, alice));
        soups.withdrawConsent(m.id, terms);
        vm.prank(alice);
        soups.withdrawConsent(m.id, terms);
        (,, uint40 withdrawnAt) = soups.consent(m.id, terms);
        eq(withdrawnAt, clock(), "withdrawnAt");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.ConsentMissing.selector, m.id, terms));
        soups.giveConsent(m.id, terms, clock(), "");
    }

    function test_aBondThatCannotBeSentIsCredited() public {
        Member[] memory members = membersOf(3, 1);
        vm.warp(clock() + LAG + 1);
        Brew memory b = cook(members, Rules.MAJORITY, 0);
        b.proposer = address(this);
        seal(b);
        vm.deal(address(this), BOND);
        soups.propose{ value: BOND }(b.header, "");
        vm.warp(clock() + WINDOW);
        soups.finalize(b.soupId, b.header);
        eq(soups.credit(address(this)), BOND, "credited");
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.SendFailed.selector, address(this), BOND));
        soups.withdraw(address(this));
    }

    function unproposed() private returns (Brew memory b) {
        Member[] memory members = membersOf(3, 1);
        vm.warp(clock() + LAG + 1);
        b = cook(members, Rules.MAJORITY, 0);
    }

    function refused(Brew memory b, bytes32 field, uint256 given) private {
        vm.deal(carol, BOND);
        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(ISoupRules.HeaderInvalid.selector, field, given));
        soups.propose{ value: BOND }(b.header, "");
    }
}
