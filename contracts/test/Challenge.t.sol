// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IDeltaSoups } from "../src/interfaces/IDeltaSoups.sol";
import { ISoupRules } from "../src/interfaces/ISoupRules.sol";
import { Flags } from "../src/types/Delta.sol";
import { Case, CaseKind, CaseStatus, Rules, SoupStatus, Trees, Weight } from "../src/types/Soup.sol";
import { Kitchen } from "./harness/Kitchen.sol";
import { Tree } from "./harness/Trees.sol";
import { Wallet } from "./harness/Wallet.sol";

/// @notice The challenge game: what a fraud costs, and what an honest proposer can rely on. Every refusal here comes from
/// the EVM.
contract ChallengeTest is Kitchen {
    uint8 private constant VOTE = uint8(CaseKind.Vote);
    uint8 private constant WORD = uint8(CaseKind.Word);
    uint8 private constant MEMBER = uint8(CaseKind.Member);
    uint8 private constant WEIGHT = uint8(CaseKind.Weight);
    uint8 private constant NODE = uint8(CaseKind.Node);

    address private constant BURNT = 0x000000000000000000000000000000000000dEaD;

    function setUp() public {
        deploy();
        vm.deal(address(0xBAD), 1000 ether);
    }

    // ---- a vote, recounted

    function test_anHonestAnswerHolds() public {
        Brew memory b = served(5, 1);
        for (uint8 w; w < 3; ++w) {
            uint256 id = challenge(b, Trees.SIGNS, 0, w);
            answer(b, id, w);
        }
        uint256 scales = challenge(b, Trees.SCALES, 0, 0);
        answer(b, scales, 0);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.DeadlineNotPassed.selector, 1, clock() + RESPONSE));
        soups.settle(1);
        vm.warp(clock() + WINDOW + 1);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.CasesOpen.selector, b.soupId, 4));
        soups.finalize(b.soupId, b.header);
        for (uint256 id = 1; id <= 4; ++id) {
            soups.settle(id);
        }
        vm.warp(clock() + RESPONSE);
        soups.finalize(b.soupId, b.header);
        eq(uint256(soups.soup(b.soupId).status), uint256(SoupStatus.Final), "final");
        books();
    }

    function test_aPlantedFraudCannotBeAnsweredAndIsSlashed() public {
        Brew memory b = fraudulent(5, 7);
        uint256 id = challenge(b, Trees.SIGNS, 0, 0);
        uint256[] memory words = wordsOf(b.members, 0, 0);
        (uint256 counted,) = naiveVote(words, 0);
        // The members' words do not give the claimed result: the chain itself says so.
        vm.expectRevert(abi.encodeWithSelector(ISoupRules.VoteMismatch.selector, counted, getWord(b.signs, 0)));
        soups.answer(id, b.header, words, b.signs, noProof, "", noProof);
        // A result that would fit is not the one that was committed.
        bytes memory honest = bytes.concat(b.signs);
        setWord(honest, 0, counted);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.ProofInvalid.selector, Trees.SIGNS, 0));
        soups.answer(id, b.header, words, honest, noProof, "", noProof);
        // Words bent until they give the claimed result pass the recount, and the bent word is rebutted.
        uint256 flipped = bend(words, getWord(b.signs, 0));
        soups.answer(id, b.header, words, b.signs, noProof, "", noProof);
        uint256 before = soups.credit(alice);
        rebut(b, id, flipped, words);
        eq(uint256(soups.soup(b.soupId).status), uint256(SoupStatus.Slashed), "slashed");
        isTrue(soups.credit(alice) > before + BOND / 2, "the challenger on record is paid");
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.NotProposed.selector, b.soupId, SoupStatus.Slashed));
        soups.finalize(b.soupId, b.header);
        eq(royalties.weightsRoot(b.soupId), 0, "never paid");
        books();
    }

    function test_silenceLoses() public {
        Brew memory b = fraudulent(5, 7);
        uint256 id = challenge(b, Trees.SIGNS, 0, 0);
        vm.expectPartialRevert(IDeltaSoups.DeadlineNotPassed.selector);
        soups.timeout(id, b.header);
        vm.warp(clock() + RESPONSE + 1);
        uint256[] memory words = wordsOf(b.members, 0, 0);
        vm.expectPartialRevert(IDeltaSoups.DeadlinePassed.selector);
        soups.answer(id, b.header, words, b.signs, noProof, "", noProof);
        vm.prank(address(0xBAD));
        soups.timeout(id, b.header);
        eq(uint256(soups.soup(b.soupId).status), uint256(SoupStatus.Slashed), "slashed");
        eq(soups.credit(address(0xBAD)), 0, "who calls gets nothing");
        isTrue(soups.credit(alice) > BOND / 2, "the challenger on record does");
        books();
    }

    function test_aTrueWordCannotBeRebutted() public {
        Brew memory b = served(5, 1);
        uint256 id = challenge(b, Trees.SIGNS, 0, 1);
        answer(b, id, 1);
        uint256[] memory words = wordsOf(b.members, 0, 1);
        bytes32[] memory wordProof = Tree.proof(wordLeaves(words), 2);
        Member memory m = b.members[2];
        bytes32[] memory memberProof = Tree.proof(b.memberLeaves, 2);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.NoFraud.selector, b.soupId));
        soups.rebut(id, b.header, 2, words[2], wordProof, m.delta, memberProof, m.roots, m.signs, m.signSalt, noProof);
        // Nor with another member's bytes, or bytes that were not committed.
        vm.expectPartialRevert(IDeltaSoups.ProofInvalid.selector);
        soups.rebut(
            id, b.header, 2, words[2], wordProof, m.delta, memberProof, m.roots, b.members[1].signs, m.signSalt, noProof
        );
        vm.expectPartialRevert(IDeltaSoups.ProofInvalid.selector);
        soups.rebut(id, b.header, 2, words[1], wordProof, m.delta, memberProof, m.roots, m.signs, m.signSalt, noProof);
        m.roots.signsRoot ^= bytes32(uint256(1));
        vm.expectPartialRevert(IDeltaSoups.RootsMismatch.selector);
        soups.rebut(id, b.header, 2, words[2], wordProof, m.delta, memberProof, m.roots, m.signs, m.signSalt, noProof);
    }

    function test_wrongScalesAreCaught() public {
        Member[] memory members = membersOf(4, 3);
        vm.warp(clock() + LAG + 1);
        Brew memory b = cook(members, Rules.MAJORITY, 0);
        setWord(b.scales, 0, getWord(b.scales, 0) ^ (1 << 40));
        seal(b);
        propose(b);
        uint256 id = challenge(b, Trees.SCALES, 0, 0);
        uint256[] memory words = wordsOf(b.members, 1, 0);
        vm.expectPartialRevert(ISoupRules.MedianMismatch.selector);
        soups.answer(id, b.header, words, b.scales, noProof, "", noProof);
    }

    function test_certifiedMajorityIsRecountedWithItsAbstainPlane() public {
        Member[] memory members = membersOf(7, 3);
        vm.warp(clock() + LAG + 1);
        Brew memory b = cook(members, Rules.CERTIFIED, 2);
        propose(b);
        uint256 id = challenge(b, Trees.SIGNS, 0, 0);
        uint256[] memory words = wordsOf(b.members, 0, 0);
        soups.answer(id, b.header, words, b.signs, noProof, b.abstain, noProof);

        Brew memory bad = cook(members, Rules.CERTIFIED, 2);
        setWord(bad.abstain, 0, getWord(bad.abstain, 0) ^ 1);
        seal(bad);
        propose(bad);
        id = challenge(bad, Trees.SIGNS, 0, 0);
        vm.expectPartialRevert(ISoupRules.AbstainMismatch.selector);
        soups.answer(id, bad.header, words, bad.signs, noProof, bad.abstain, noProof);
    }

    function test_everyMemberVotes() public {
        Brew memory b = served(5, 1);
        uint256 id = challenge(b, Trees.SIGNS, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.WrongLength.selector, 4, 5));
        soups.answer(id, b.header, new uint256[](4), b.signs, noProof, "", noProof);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.WrongLength.selector, 31, 1024));
        soups.answer(id, b.header, new uint256[](5), new bytes(31), noProof, "", noProof);
    }

    // ---- withheld data

    function test_aWordCanBeDemandedAndShown() public {
        Brew memory b = served(5, 1);
        uint256 vote = challenge(b, Trees.SIGNS, 0, 0);
        answer(b, vote, 0);
        uint256 id = demandWord(b, vote, 3);
        showWord(b, id, 3, wordsOf(b.members, 0, 0));
        eq(uint256(soups.caseOf(id).status), uint256(CaseStatus.Held), "held");
        vm.warp(clock() + 2 * RESPONSE + 1);
        soups.settle(vote);
        vm.warp(clock() + WINDOW);
        soups.finalize(b.soupId, b.header);
        books();
    }

    function test_aBentWordCannotBeShown() public {
        Brew memory b = fraudulent(5, 7);
        uint256 vote = challenge(b, Trees.SIGNS, 0, 0);
        uint256[] memory words = wordsOf(b.members, 0, 0);
        uint256 flipped = bend(words, getWord(b.signs, 0));
        soups.answer(vote, b.header, words, b.signs, noProof, "", noProof);
        uint256 id = demandWord(b, vote, uint32(flipped));
        Member memory m = b.members[flipped];
        bytes32[] memory wordProof = Tree.proof(wordLeaves(words), flipped);
        bytes32[] memory memberProof = Tree.proof(b.memberLeaves, flipped);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.WordMismatch.selector, getWord(m.signs, 0), words[flipped]));
        soups.showWord(
            id, b.header, words[flipped], wordProof, m.delta, memberProof, m.roots, m.signs, m.signSalt, noProof
        );
        vm.warp(clock() + RESPONSE + 1);
        vm.expectPartialRevert(IDeltaSoups.DeadlineNotPassed.selector);
        soups.settle(vote);
        soups.timeout(id, b.header);
        soups.refund(vote);
        vm.expectPartialRevert(IDeltaSoups.WrongCase.selector);
        soups.refund(vote);
        books();
    }

    function test_aMemberIsShownWithConsentAndShare() public {
        Brew memory b = served(5, 1);
        uint256 id = openMember(b, 2);
        showMember(b, id, 2, consentSignature(b, 2, b.header.snapshot));
        eq(uint256(soups.caseOf(id).status), uint256(CaseStatus.Held), "held");
        books();
    }

    function test_aMemberWithoutConsentCannotBeShown() public {
        Brew memory b = served(5, 1);
        uint256 id = openMember(b, 2);
        bytes memory stranger = consentSignature(b, 1, b.header.snapshot);
        vm.expectPartialRevert(IDeltaSoups.NotController.selector);
        this.showMemberOf(b, id, 2, stranger, b.header.snapshot);
        bytes memory late = consentSignature(b, 2, b.header.snapshot - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IDeltaSoups.SignatureExpired.selector, b.header.snapshot - 1, b.header.snapshot)
        );
        this.showMemberOf(b, id, 2, late, b.header.snapshot - 1);
        bytes32 terms = soups.termsHashOf(b.header);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.ConsentMissing.selector, b.members[2].id, terms));
        this.showMemberOf(b, id, 2, "", 0);
        // On chain, but after the snapshot: too late.
        vm.prank(b.members[2].delta.identity);
        soups.giveConsent(b.members[2].id, terms, clock() + 1 days, "");
        vm.expectPartialRevert(IDeltaSoups.ConsentMissing.selector);
        this.showMemberOf(b, id, 2, "", 0);
    }

    function test_aLaterRotationDoesNotUndoAConsent() public {
        Brew memory b = served(5, 1);
        uint256 id = openMember(b, 2);
        vm.warp(clock() + 1);
        vm.prank(b.members[2].delta.identity);
        identities.changeOwner(b.members[2].delta.identity, address(0xBAD));
        showMember(b, id, 2, consentSignature(b, 2, b.header.snapshot));
    }

    function test_aContractWalletConsentsOnChain() public {
        Member[] memory members = membersOf(3, 1);
        address identity = members[1].delta.identity;
        Wallet wallet = new Wallet(vm.addr(members[1].key));
        vm.prank(identity);
        identities.changeOwner(identity, address(wallet));
        Brew memory b = cook(members, Rules.MAJORITY, 0);
        bytes memory signature = consentSignature(b, 1, clock() + 30 days);
        soups.giveConsent(members[1].id, soups.termsHashOf(b.header), clock() + 30 days, signature);
        vm.warp(clock() + LAG + 1);
        b = cook(members, Rules.MAJORITY, 0);
        propose(b);
        wallet.setOpen(false);
        uint256 id = openMember(b, 1);
        showMember(b, id, 1, "");
    }

    function test_weightsAreShownWithTheirNeighbour() public {
        Brew memory b = served(5, 1);
        for (uint32 i; i < 5; ++i) {
            uint256 id = openWeight(b, i);
            uint256 next = i == 4 ? 4 : i + 1;
            soups.showWeight(
                id,
                b.header,
                weightOf(b, i),
                Tree.proof(b.weightLeaves, i),
                weightOf(b, next),
                Tree.proof(b.weightLeaves, next)
            );
        }
        books();
    }

    function test_aNodeIsShownFiveLevelsAtATime() public {
        Brew memory b = served(70, 1);
        // Depth 7: the root's 32 descendants are nodes of level 2, and those show their 4 leaves.
        uint256 id = open(b, Trees.MEMBERS, 7, 0, b.header.membersRoot, noProof);
        bytes32[] memory middle = Tree.nodes(b.memberLeaves, 2);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.WrongLength.selector, 128, 32));
        soups.show(id, Tree.nodes(b.memberLeaves, 0));
        middle[3] ^= bytes32(uint256(1));
        vm.expectPartialRevert(IDeltaSoups.NodeMismatch.selector);
        soups.show(id, middle);
        middle[3] ^= bytes32(uint256(1));
        soups.show(id, middle);
        bytes32[] memory proof = Tree.proofAt(b.memberLeaves, 2, 17);
        id = open(b, Trees.MEMBERS, 2, 17, middle[17], proof);
        bytes32[] memory leaves = new bytes32[](4);
        leaves[0] = b.memberLeaves[68];
        leaves[1] = b.memberLeaves[69];
        soups.show(id, leaves);
        books();
    }

    function test_onlyRealNodesCanBeDemanded() public {
        Brew memory b = served(5, 1);
        uint256 bond = bondFor(NODE, b);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.ProofInvalid.selector, Trees.MEMBERS, 0));
        soups.open{ value: bond }(b.soupId, b.header, Trees.MEMBERS, 3, 0, keccak256("x"), noProof);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.IndexOutOfRange.selector, 4, 4));
        soups.open{ value: bond }(b.soupId, b.header, Trees.MEMBERS, 4, 0, 0, noProof);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.IndexOutOfRange.selector, 0, 4));
        soups.open{ value: bond }(b.soupId, b.header, Trees.MEMBERS, 0, 0, 0, noProof);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.IndexOutOfRange.selector, 5, 5));
        soups.open{ value: bond }(b.soupId, b.header, 5, 1, 0, 0, noProof);
        vm.stopPrank();
    }

    // ---- slashes that need no answer

    function test_aRevokedMemberIsSlashedOnlyIfRevokedByTheSnapshot() public {
        Member[] memory members = membersOf(3, 1);
        vm.prank(members[1].delta.identity);
        registry.revoke(members[1].id);
        vm.warp(clock() + LAG + 1);
        Brew memory b = cook(members, Rules.MAJORITY, 0);
        propose(b);
        slashUnqualified(b, 1, "revoked");

        // Revoked after the snapshot: nobody can join, revoke and slash.
        b = served(3, 2);
        vm.prank(b.members[0].delta.identity);
        registry.revoke(b.members[0].id);
        bytes32[] memory proof = Tree.proof(b.memberLeaves, 0);
        bytes32 id = b.members[0].id;
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.NoFraud.selector, b.soupId));
        soups.slashUnqualified(b.soupId, b.header, 0, id, proof);
        books();
    }

    function test_unpublishedPrivateAndUnflaggedMembersAreSlashed() public {
        Member[] memory members = membersOf(3, 1);
        Member memory stranger = memberOf(0x99, 99);
        stranger.id = bytes32(type(uint256).max);
        members[2] = stranger;
        vm.warp(clock() + LAG + 1);
        Brew memory b = cook(members, Rules.MAJORITY, 0);
        propose(b);
        slashUnqualified(b, 2, "unpublished");

        members = membersOf(2, 2);
        Member memory secret = memberOf(0x77, 77);
        secret.delta.flags = 0;
        secret.id = deltaId(secret.delta);
        publishMember(secret);
        if (members[0].id > secret.id) {
            members[1] = members[0];
            members[0] = secret;
        } else {
            members[1] = secret;
        }
        vm.warp(clock() + LAG + 1);
        b = cook(members, Rules.MAJORITY, 0);
        b.header.requiredFlags = 0;
        seal(b);
        propose(b);
        slashUnqualified(b, b.members[0].id == secret.id ? 0 : 1, "private");

        members = membersOf(2, 3);
        vm.warp(clock() + LAG + 1);
        b = cook(members, Rules.MAJORITY, 0);
        b.header.requiredFlags = Flags.PUBLIC | Flags.TEE;
        seal(b);
        propose(b);
        slashUnqualified(b, 0, "flags");
        books();
    }

    function test_aConsentWithdrawnBeforeTheSnapshotIsSlashed() public {
        Member[] memory members = membersOf(3, 1);
        Brew memory b = cook(members, Rules.MAJORITY, 0);
        bytes32 terms = soups.termsHashOf(b.header);
        vm.prank(members[0].delta.identity);
        soups.withdrawConsent(members[0].id, terms);
        vm.warp(clock() + LAG + 1);
        b = cook(members, Rules.MAJORITY, 0);
        propose(b);
        slashUnqualified(b, 0, "consent");
        books();
    }

    function test_membersOfAnotherBaseLayoutOrEpsilonAreSlashed() public {
        for (uint256 k; k < 3; ++k) {
            Member[] memory members = membersOf(3, 10 + k);
            vm.warp(clock() + LAG + 1);
            Brew memory b = cook(members, Rules.MAJORITY, 0);
            if (k == 0) {
                b.header.baseHash = keccak256("another base");
            } else if (k == 1) {
                b.header.layoutHash = keccak256("another layout");
            } else {
                b.header.nScales = 2;
            }
            seal(b);
            propose(b);
            slashTerms(b, 1, k == 0 ? bytes32("base") : bytes32("layout"));
        }
        Member memory loud = memberOf(0x55, 55);
        loud.delta.flags = Flags.PUBLIC | Flags.DP;
        loud.delta.epsilonMilli = 1001;
        loud.id = deltaId(loud.delta);
        publishMember(loud);
        Member[] memory one = new Member[](1);
        one[0] = loud;
        vm.warp(clock() + LAG + 1);
        Brew memory c = cook(one, Rules.MAJORITY, 0);
        c.header.epsilonCapMilli = 1000;
        seal(c);
        propose(c);
        slashTerms(c, 0, "epsilon");

        Brew memory honest = served(3, 20);
        Member memory m = honest.members[0];
        bytes32[] memory proof = Tree.proof(honest.memberLeaves, 0);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.NoFraud.selector, honest.soupId));
        soups.slashTerms(honest.soupId, honest.header, 0, m.delta, proof, m.roots);
        books();
    }

    function test_duplicatesAreSlashed() public {
        Member[] memory members = membersOf(3, 1);
        members[2] = members[1];
        vm.warp(clock() + LAG + 1);
        Brew memory b = cook(members, Rules.MAJORITY, 0);
        propose(b);
        bytes32[] memory left = Tree.proof(b.memberLeaves, 1);
        bytes32[] memory right = Tree.proof(b.memberLeaves, 2);
        vm.prank(alice);
        soups.slashOrder(b.soupId, b.header, 1, members[1].id, left, members[2].id, right);
        eq(uint256(soups.soup(b.soupId).status), uint256(SoupStatus.Slashed), "slashed");

        b = served(3, 2);
        left = Tree.proof(b.memberLeaves, 0);
        right = Tree.proof(b.memberLeaves, 1);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.NoFraud.selector, b.soupId));
        soups.slashOrder(b.soupId, b.header, 0, b.members[0].id, left, b.members[1].id, right);
        books();
    }

    function test_weightsThatDoNotTileAreSlashed() public {
        // gap, overlap, empty, not from 0, not to 1e9
        uint256[5] memory at_ = [uint256(1), 1, 1, 0, 2];
        int256[5] memory moveStart = [int256(1), -1, 0, 1, 0];
        for (uint256 k; k < 5; ++k) {
            Member[] memory members = membersOf(3, 30 + k);
            vm.warp(clock() + LAG + 1);
            Brew memory b = cook(members, Rules.MAJORITY, 0);
            Weight memory w = weightOf(b, at_[k]);
            w.start = uint256(int256(w.start) + moveStart[k]);
            if (k == 2) {
                w.end = w.start;
            }
            if (k == 4) {
                w.end -= 1;
            }
            b.weightLeaves[at_[k]] = weightLeaf(at_[k], w.kind, w.who, w.start, w.end);
            seal(b);
            propose(b);
            uint256 left = k < 2 ? 0 : at_[k];
            Weight memory l = k < 2 ? weightOf(b, 0) : w;
            Weight memory r = k < 2 ? w : weightOf(b, 2);
            uint256 right = k < 2 ? 1 : 2;
            bytes32[] memory leftProof = Tree.proof(b.weightLeaves, left);
            bytes32[] memory rightProof = Tree.proof(b.weightLeaves, right);
            vm.prank(alice);
            soups.slashWeights(b.soupId, b.header, uint32(left), l, leftProof, r, rightProof);
            eq(uint256(soups.soup(b.soupId).status), uint256(SoupStatus.Slashed), "slashed");
        }
        Brew memory honest = served(3, 40);
        bytes32[] memory lp = Tree.proof(honest.weightLeaves, 0);
        bytes32[] memory rp = Tree.proof(honest.weightLeaves, 1);
        Weight memory l0 = weightOf(honest, 0);
        Weight memory r0 = weightOf(honest, 1);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.NoFraud.selector, honest.soupId));
        soups.slashWeights(honest.soupId, honest.header, 0, l0, lp, r0, rp);
        books();
    }

    function test_anUnequalShareIsSlashedUnderUniformWeights() public {
        Member[] memory members = membersOf(3, 1);
        vm.warp(clock() + LAG + 1);
        Brew memory b = cook(members, Rules.MAJORITY, 0);
        // The proposer pays itself another member's share.
        Weight memory w = weightOf(b, 1);
        w.who = bytes32(uint256(uint160(carol)));
        b.weightLeaves[1] = weightLeaf(1, 0, w.who, w.start, w.end);
        seal(b);
        propose(b);
        bytes32[] memory weightProof = Tree.proof(b.weightLeaves, 1);
        bytes32[] memory memberProof = Tree.proof(b.memberLeaves, 1);
        vm.prank(alice);
        soups.slashUniform(b.soupId, b.header, 1, w, weightProof, members[1].id, memberProof);
        eq(uint256(soups.soup(b.soupId).status), uint256(SoupStatus.Slashed), "slashed");

        b = served(3, 2);
        w = weightOf(b, 0);
        weightProof = Tree.proof(b.weightLeaves, 0);
        memberProof = Tree.proof(b.memberLeaves, 0);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.NoFraud.selector, b.soupId));
        soups.slashUniform(b.soupId, b.header, 0, w, weightProof, b.members[0].id, memberProof);
        books();
    }

    // ---- clocks and money

    function test_demandsHaveAPriceAndALimit() public {
        Brew memory b = served(5, 1);
        uint256 bond = bondFor(VOTE, b);
        vm.fee(100 gwei);
        isTrue(bondFor(VOTE, b) > 50 * bond, "the bond follows the base fee");
        vm.fee(1 gwei);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.WrongBond.selector, bond - 1, bond));
        soups.challenge{ value: bond - 1 }(b.soupId, b.header, Trees.SIGNS, 0, 0);
        for (uint8 i; i < 8; ++i) {
            soups.challenge{ value: bond }(b.soupId, b.header, Trees.SIGNS, 0, i);
        }
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.TooManyCases.selector, b.soupId, 8));
        soups.challenge{ value: bond }(b.soupId, b.header, Trees.SIGNS, 0, 9);
        vm.stopPrank();
    }

    function test_theWindowClosesAndCannotBeHeldOpenForEver() public {
        Brew memory b = served(5, 1);
        uint256 hardClose = soups.soup(b.soupId).hardClose;
        uint256 bond = bondFor(VOTE, b);
        // A challenger that always opens one more at the last moment.
        for (uint256 i; i < 30; ++i) {
            uint256 closesAt = soups.soup(b.soupId).closesAt;
            if (clock() < closesAt - 1) {
                vm.warp(closesAt - 1);
            }
            vm.prank(alice);
            try soups.challenge{ value: bond }(b.soupId, b.header, Trees.SIGNS, 0, 0) returns (uint256 id) {
                answer(b, id, 0);
                vm.warp(clock() + RESPONSE + 1);
                soups.settle(id);
            } catch {
                break;
            }
        }
        atMost(soups.soup(b.soupId).closesAt, hardClose, "closesAt");
        if (clock() < hardClose) {
            vm.warp(hardClose);
        }
        vm.expectPartialRevert(IDeltaSoups.WindowClosed.selector);
        vm.prank(alice);
        soups.challenge{ value: bond }(b.soupId, b.header, Trees.SIGNS, 0, 0);
        soups.finalize(b.soupId, b.header);
        books();
    }

    function test_anHonestProposerIsPaidForAnswering() public {
        Brew memory b = served(100, 1);
        uint256 bond = bondFor(VOTE, b);
        uint256 id = challenge(b, Trees.SIGNS, 0, 0);
        answer(b, id, 0);
        vm.warp(clock() + RESPONSE + 1);
        soups.settle(id);
        // Gas price 2, base fee 1: two thirds of the bond pay the answer, half of the rest is a gain.
        uint256 cost = (150_000 + 1350 * 100) * 2 gwei;
        eq(soups.credit(b.proposer), cost + (bond - cost) - (bond - cost) / 2, "credited");
        eq(BURNT.balance, (bond - cost) / 2, "burnt");
        uint256 before = b.proposer.balance;
        soups.withdraw(b.proposer);
        isTrue(b.proposer.balance > before, "withdrawn");
        books();
    }

    function test_selfChallengeLosesMoney() public {
        Brew memory b = served(5, 1);
        uint256 before = b.proposer.balance;
        uint256 bond = bondFor(MEMBER, b);
        vm.prank(b.proposer);
        uint256 id = soups.openMember{ value: bond }(b.soupId, b.header, 0);
        vm.warp(clock() + RESPONSE + 1);
        soups.timeout(id, b.header);
        soups.withdraw(b.proposer);
        isTrue(b.proposer.balance < before + BOND * 6 / 10, "about half of its own bond is gone");
        books();
    }

    function test_oneFraudEndsAllAndEveryBondIsPaidOnce() public {
        Brew memory b = fraudulent(5, 7);
        uint256 first = challenge(b, Trees.SIGNS, 0, 0);
        uint256 second = challenge(b, Trees.SCALES, 0, 0);
        answer(b, second, 0);
        uint256 third = openMember(b, 1);
        vm.expectPartialRevert(IDeltaSoups.NotSlashed.selector);
        soups.refund(second);
        vm.warp(clock() + RESPONSE + 1);
        soups.timeout(first, b.header);
        soups.refund(second);
        soups.refund(third);
        vm.expectPartialRevert(IDeltaSoups.WrongCase.selector);
        soups.timeout(third, b.header);
        soups.withdraw(alice);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.NothingToWithdraw.selector, alice));
        soups.withdraw(alice);
        eq(address(soups).balance, 0, "all paid out");
    }

    // ---- the contract-only script of a fraud: external so that a revert is the EVM's

    function showMemberOf(Brew memory b, uint256 id, uint256 i, bytes memory signature, uint256 deadline) external {
        Member memory m = b.members[i];
        soups.showMember(
            id,
            b.header,
            m.delta,
            Tree.proof(b.memberLeaves, i),
            m.roots,
            deadline,
            signature,
            Tree.proof(b.weightLeaves, i)
        );
    }

    // ---- small things

    /// @notice A soup with one flipped bit in its result.
    function fraudulent(uint256 n, uint256 seed) private returns (Brew memory b) {
        Member[] memory members = membersOf(n, seed);
        vm.warp(clock() + LAG + 1);
        b = cook(members, Rules.MAJORITY, 0);
        setWord(b.signs, 0, getWord(b.signs, 0) ^ (1 << 77));
        seal(b);
        propose(b);
    }

    /// @notice Bends one member's word until the vote gives the claimed result.
    function bend(uint256[] memory words, uint256 claimed) private pure returns (uint256) {
        for (uint256 i; i < words.length; ++i) {
            words[i] ^= 1 << 77;
            (uint256 sign,) = naiveVote(words, 0);
            if (sign == claimed) {
                return i;
            }
            words[i] ^= 1 << 77;
        }
        revert("needs a close vote");
    }

    function challenge(Brew memory b, uint8 tree, uint32 chunk, uint8 word) private returns (uint256) {
        uint256 bond = bondFor(VOTE, b);
        vm.prank(alice);
        return soups.challenge{ value: bond }(b.soupId, b.header, tree, chunk, word);
    }

    function answer(Brew memory b, uint256 id, uint256 w) private {
        uint8 tree = soups.caseOf(id).tree;
        uint256[] memory words = wordsOf(b.members, tree, w);
        soups.answer(id, b.header, words, tree == 0 ? b.signs : b.scales, noProof, "", noProof);
    }

    function rebut(Brew memory b, uint256 id, uint256 i, uint256[] memory words) private {
        Member memory m = b.members[i];
        soups.rebut(
            id,
            b.header,
            uint32(i),
            words[i],
            Tree.proof(wordLeaves(words), i),
            m.delta,
            Tree.proof(b.memberLeaves, i),
            m.roots,
            m.signs,
            m.signSalt,
            noProof
        );
    }

    function demandWord(Brew memory b, uint256 vote, uint32 i) private returns (uint256) {
        uint256 bond = bondFor(WORD, b);
        vm.prank(alice);
        return soups.demandWord{ value: bond }(vote, b.header, i);
    }

    function showWord(Brew memory b, uint256 id, uint256 i, uint256[] memory words) private {
        Member memory m = b.members[i];
        soups.showWord(
            id,
            b.header,
            words[i],
            Tree.proof(wordLeaves(words), i),
            m.delta,
            Tree.proof(b.memberLeaves, i),
            m.roots,
            m.signs,
            m.signSalt,
            noProof
        );
    }

    function openMember(Brew memory b, uint32 i) private returns (uint256) {
        uint256 bond = bondFor(MEMBER, b);
        vm.prank(alice);
        return soups.openMember{ value: bond }(b.soupId, b.header, i);
    }

    function showMember(Brew memory b, uint256 id, uint256 i, bytes memory signature) private {
        this.showMemberOf(b, id, i, signature, b.header.snapshot);
    }

    function openWeight(Brew memory b, uint32 i) private returns (uint256) {
        uint256 bond = bondFor(WEIGHT, b);
        vm.prank(alice);
        return soups.openWeight{ value: bond }(b.soupId, b.header, i);
    }

    function open(Brew memory b, uint8 tree, uint8 level, uint32 index, bytes32 node, bytes32[] memory proof)
        private
        returns (uint256)
    {
        uint256 bond = bondFor(NODE, b);
        vm.prank(alice);
        return soups.open{ value: bond }(b.soupId, b.header, tree, level, index, node, proof);
    }

    function weightOf(Brew memory b, uint256 i) private pure returns (Weight memory) {
        uint256 n = b.header.payees;
        return Weight(0, bytes32(uint256(uint160(b.members[i].delta.identity))), i * 1e9 / n, (i + 1) * 1e9 / n);
    }

    function slashUnqualified(Brew memory b, uint256 i, bytes32 reason) private {
        bytes32[] memory proof = Tree.proof(b.memberLeaves, i);
        expectSlash(b, reason);
        vm.prank(alice);
        soups.slashUnqualified(b.soupId, b.header, uint32(i), b.members[i].id, proof);
    }

    function slashTerms(Brew memory b, uint256 i, bytes32 reason) private {
        bytes32[] memory proof = Tree.proof(b.memberLeaves, i);
        expectSlash(b, reason);
        vm.prank(alice);
        soups.slashTerms(b.soupId, b.header, uint32(i), b.members[i].delta, proof, b.members[i].roots);
    }

    function expectSlash(Brew memory b, bytes32 reason) private {
        uint256 cost = 120_000 * 2 gwei;
        uint256 burnt = (BOND - cost) / 2;
        vm.expectEmit(true, true, true, true, address(soups));
        emit IDeltaSoups.Slashed(b.soupId, alice, reason, BOND - burnt, burnt);
    }

    /// @notice What the contract holds is what it owes: live bonds, open cases and credits.
    function books() private view {
        uint256 owed = soups.credit(alice) + soups.credit(carol) + soups.credit(address(0xBAD));
        for (uint256 id = 1; id <= soups.cases(); ++id) {
            Case memory c = soups.caseOf(id);
            if (c.status == CaseStatus.Demanded || c.status == CaseStatus.Answered) {
                owed += c.bond;
            }
        }
        isTrue(address(soups).balance >= owed, "covered");
        isTrue((address(soups).balance - owed) % BOND == 0, "the rest is whole bonds of proposed soups");
    }
}
