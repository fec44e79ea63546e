// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { QuorumVerifier } from "../src/QuorumVerifier.sol";
import { IDeltaSoups } from "../src/interfaces/IDeltaSoups.sol";
import { IQuorum } from "../src/interfaces/IQuorum.sol";
import { ISoupRules } from "../src/interfaces/ISoupRules.sol";
import { Payee, Rules, Weight } from "../src/types/Soup.sol";
import { Kitchen } from "./harness/Kitchen.sol";
import { Tree } from "./harness/Trees.sol";

/// @notice Soups whose weights no chain can compute: the quorum signs who is paid, and is held to a table that tiles.
contract AttestedWeightsTest is Kitchen {
    uint256[] private keys;

    function setUp() public {
        keys = [uint256(0xA), 0xB, 0xC];
        // Signatures are given in the order of their signers' addresses.
        for (uint256 i = 1; i < 3; ++i) {
            for (uint256 j = i; j > 0 && vm.addr(keys[j]) < vm.addr(keys[j - 1]); --j) {
                (keys[j], keys[j - 1]) = (keys[j - 1], keys[j]);
            }
        }
        address[] memory operators = new address[](3);
        for (uint256 i; i < 3; ++i) {
            operators[i] = vm.addr(keys[i]);
        }
        deploy(address(new QuorumVerifier(owner, operators, 2)));
    }

    function test_aQuorumsWeightsAreProposedFinalizedAndPaid() public {
        Brew memory b = brewed();
        bytes memory signatures = signed(b, 0, 2);
        vm.deal(carol, BOND);
        vm.prank(carol);
        eq(soups.propose{ value: BOND }(b.header, signatures), b.soupId, "soupId");
        vm.warp(clock() + WINDOW);
        soups.finalize(b.soupId, b.header);
        vm.prank(payer);
        royalties.pay{ value: 1000 }(b.soupId, address(0), 1000);
        address first = b.members[0].delta.identity;
        uint256 before = first.balance;
        royalties.claim(b.soupId, address(0), 0, first, 0, 700_000_000, Tree.proof(b.weightLeaves, 0));
        eq(first.balance - before, 700, "the attested share, not a third");
        before = owner.balance;
        royalties.claim(b.soupId, address(0), 3, owner, 990_000_000, 1e9, Tree.proof(b.weightLeaves, 3));
        eq(owner.balance - before, 10, "a payee who is no member");
    }

    function test_withoutTheQuorumNothingIsProposed() public {
        Brew memory b = brewed();
        vm.deal(carol, 10 * BOND);
        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.QuorumNotReached.selector, 0, 2));
        soups.propose{ value: BOND }(b.header, "");
        bytes memory one = sign(keys[1], weightsDigest(b));
        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.QuorumNotReached.selector, 1, 2));
        soups.propose{ value: BOND }(b.header, one);
        bytes memory stranger = bytes.concat(one, sign(ALICE_KEY, weightsDigest(b)));
        vm.prank(carol);
        vm.expectPartialRevert(IQuorum.NotAnOperator.selector);
        soups.propose{ value: BOND }(b.header, stranger);
    }

    function testFuzz_signaturesBindMembersWeightsAndTerms(uint8 field, bytes32 change) public {
        vm.assume(change != 0);
        Brew memory b = brewed();
        bytes memory signatures = signed(b, 0, 1);
        uint256 which = field % 4;
        if (which == 0) {
            b.header.membersRoot ^= change;
        } else if (which == 1) {
            b.header.weightsRoot ^= change;
        } else if (which == 2) {
            b.header.baseHash ^= change;
        } else {
            b.header.epsilonCapMilli = 1;
        }
        vm.deal(carol, BOND);
        vm.prank(carol);
        // Other words give other signers: none is an operator, or they are out of order.
        vm.expectRevert();
        soups.propose{ value: BOND }(b.header, signatures);
    }

    function test_aSignatureOfAnotherContractIsWorthNothing() public {
        Brew memory b = brewed();
        bytes memory signatures = signed(b, 0, 1);
        address quorum = soups.QUORUM();
        deploy(quorum);
        b = brewed();
        vm.deal(carol, BOND);
        vm.prank(carol);
        vm.expectRevert();
        soups.propose{ value: BOND }(b.header, signatures);
    }

    function test_attestedWeightsAreNotHeldToEqualShares() public {
        Brew memory b = proposed(brewed());
        Weight memory w = weightOf(b, 0, 0, 700_000_000);
        bytes32[] memory weightProof = Tree.proof(b.weightLeaves, 0);
        bytes32[] memory memberProof = Tree.proof(b.memberLeaves, 0);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.NoFraud.selector, b.soupId));
        soups.slashUniform(b.soupId, b.header, 0, w, weightProof, b.members[0].id, memberProof);
    }

    function test_evenTheQuorumsWeightsMustTile() public {
        Brew memory b = brewed();
        // The third payee's interval begins one billionth early.
        b.weightLeaves[2] = weightLeaf(2, 0, word(b.members[2].delta.identity), 899_999_999, 990_000_000);
        seal(b);
        b = proposed(b);
        Weight memory left = weightOf(b, 1, 700_000_000, 900_000_000);
        Weight memory right = weightOf(b, 2, 899_999_999, 990_000_000);
        bytes32[] memory leftProof = Tree.proof(b.weightLeaves, 1);
        bytes32[] memory rightProof = Tree.proof(b.weightLeaves, 2);
        vm.prank(alice);
        soups.slashWeights(b.soupId, b.header, 1, left, leftProof, right, rightProof);
        isTrue(soups.credit(alice) > 0, "slashed");
    }

    function test_withoutAQuorumAttestedWeightsAreRefused() public {
        deploy(address(0));
        Brew memory b = brewed();
        vm.deal(carol, BOND);
        vm.prank(carol);
        vm.expectRevert(
            abi.encodeWithSelector(ISoupRules.HeaderInvalid.selector, bytes32("weightsRule"), Rules.ATTESTED)
        );
        soups.propose{ value: BOND }(b.header, "");
    }

    function test_uniformWeightsTakeNoSignatures() public {
        Brew memory b = brewed();
        b.header.weightsRule = Rules.UNIFORM;
        b.header.payees = 3;
        bytes memory signatures = signed(b, 0, 1);
        vm.deal(carol, BOND);
        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(IDeltaSoups.WrongLength.selector, 130, 0));
        soups.propose{ value: BOND }(b.header, signatures);
    }

    // ---- small things

    /// @notice Three members, paid 70, 20 and 9 percent; the last percent is somebody else's.
    function brewed() private returns (Brew memory b) {
        Member[] memory members = membersOf(3, clock());
        vm.warp(clock() + LAG + 1);
        b = cook(members, Rules.MAJORITY, 0);
        b.header.weightsRule = Rules.ATTESTED;
        b.header.payees = 4;
        b.weightLeaves = new bytes32[](4);
        b.weightLeaves[0] = weightLeaf(0, 0, word(members[0].delta.identity), 0, 700_000_000);
        b.weightLeaves[1] = weightLeaf(1, 0, word(members[1].delta.identity), 700_000_000, 900_000_000);
        b.weightLeaves[2] = weightLeaf(2, 0, word(members[2].delta.identity), 900_000_000, 990_000_000);
        b.weightLeaves[3] = weightLeaf(3, 0, word(owner), 990_000_000, 1e9);
        seal(b);
    }

    function proposed(Brew memory b) private returns (Brew memory) {
        bytes memory signatures = signed(b, 1, 2);
        vm.deal(carol, BOND);
        vm.prank(carol);
        soups.propose{ value: BOND }(b.header, signatures);
        return b;
    }

    function weightsDigest(Brew memory b) private view returns (bytes32) {
        return typed(
            soups.domainSeparator(),
            keccak256(
                abi.encode(
                    keccak256("Weights(bytes32 membersRoot,bytes32 weightsRoot,bytes32 termsHash)"),
                    b.header.membersRoot,
                    b.header.weightsRoot,
                    soups.termsHashOf(b.header)
                )
            )
        );
    }

    function signed(Brew memory b, uint256 i, uint256 j) private view returns (bytes memory) {
        bytes32 digest = weightsDigest(b);
        return bytes.concat(sign(keys[i], digest), sign(keys[j], digest));
    }

    function weightOf(Brew memory b, uint256 i, uint256 start, uint256 end) private pure returns (Weight memory) {
        return Weight({ kind: Payee.IDENTITY, who: word(b.members[i].delta.identity), start: start, end: end });
    }

    function word(address who) private pure returns (bytes32) {
        return bytes32(uint256(uint160(who)));
    }
}
