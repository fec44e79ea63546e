// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { TrainingLedger } from "../src/TrainingLedger.sol";
import { ITrainingLedger } from "../src/interfaces/ITrainingLedger.sol";
import { Stall } from "./harness/Stall.sol";
import { Tree } from "./harness/Trees.sol";

contract TrainingLedgerTest is Stall {
    TrainingLedger private ledger;

    function setUp() public {
        deploy();
        ledger = new TrainingLedger(address(identities), address(royalties));
    }

    function test_aForkHasOneIdAndOneOwner() public {
        bytes32 id = forkAs(alice);
        eq(id, keccak256(abi.encode(keccak256("bitdelta.fork.v1"), alice, BASE, uint256(1))), "forkId");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ITrainingLedger.ForkExists.selector, id));
        ledger.forkModel(alice, BASE, 1);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ITrainingLedger.NotAuthorized.selector, alice, bob));
        ledger.forkModel(alice, BASE, 2);
    }

    function test_epochsFollowWithoutGapsAndNothingIsOverwritten() public {
        bytes32 id = forkAs(alice);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ITrainingLedger.OpOutOfOrder.selector, id, 1, 0));
        ledger.recordTraining(id, 0, keccak256("r"), 1, 2);
        ledger.recordTraining(id, 0, keccak256("r"), 0, 9);
        vm.expectRevert(abi.encodeWithSelector(ITrainingLedger.EpochOutOfOrder.selector, id, 0, 1));
        ledger.recordTraining(id, 0, keccak256("other"), 0, 9);
        vm.expectRevert(abi.encodeWithSelector(ITrainingLedger.EpochOutOfOrder.selector, id, 2, 1));
        ledger.recordTraining(id, 2, keccak256("other"), 10, 10);
        vm.expectRevert(abi.encodeWithSelector(ITrainingLedger.OpOutOfOrder.selector, id, 9, 10));
        ledger.recordTraining(id, 1, keccak256("other"), 9, 12);
        vm.expectRevert(abi.encodeWithSelector(ITrainingLedger.EmptyEpoch.selector, 10, 9));
        ledger.recordTraining(id, 1, keccak256("other"), 10, 9);
        vm.expectRevert(ITrainingLedger.ZeroRoot.selector);
        ledger.recordTraining(id, 1, 0, 10, 12);
        ledger.recordTraining(id, 1, keccak256("other"), 10, 12);
        vm.stopPrank();
        (address identity, uint32 epochs, uint64 next) = ledger.fork(id);
        eq(identity, alice, "identity");
        eq(epochs, 2, "epochs");
        eq(next, 13, "nextOpId");
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ITrainingLedger.NotAuthorized.selector, alice, bob));
        ledger.recordTraining(id, 2, keccak256("x"), 13, 13);
        vm.expectRevert(abi.encodeWithSelector(ITrainingLedger.UnknownFork.selector, bytes32(0)));
        ledger.exportModel(0, 0);
    }

    function testFuzz_exactlyTheAnchoredRecordsAreProved(uint256 seed, uint8 count, uint8 at_) public {
        bytes32 id = forkAs(alice);
        uint256 n = bound(count, 1, 20);
        uint256 first = 5;
        vm.startPrank(alice);
        ledger.recordTraining(id, 0, keccak256("earlier"), 0, first - 1);
        bytes32[] memory leaves = new bytes32[](n);
        bytes32 previous;
        bytes32[] memory before = new bytes32[](n);
        for (uint256 i; i < n; ++i) {
            before[i] = previous;
            leaves[i] = keccak256(
                abi.encode(keccak256("bitdelta.record.v1"), id, first + i, keccak256(abi.encode(seed, i)), previous)
            );
            previous = leaves[i];
        }
        bytes32 root = Tree.root(leaves);
        uint256 last = first + n - 1;
        ledger.recordTraining(id, 1, root, first, last);
        vm.stopPrank();
        uint256 k = bound(at_, 0, n - 1);
        bytes32[] memory proof = Tree.proof(leaves, k);
        bytes32 record = keccak256(abi.encode(seed, k));
        isTrue(ledger.verifyRecord(id, 1, root, first, last, first + k, record, before[k], proof), "proved");
        isTrue(!ledger.verifyRecord(id, 1, root, first, last, first + k, ~record, before[k], proof), "other record");
        isTrue(!ledger.verifyRecord(id, 1, root, first, last, first + k + 1, record, before[k], proof), "other op");
        isTrue(!ledger.verifyRecord(id, 0, root, first, last, first + k, record, before[k], proof), "other epoch");
        isTrue(!ledger.verifyRecord(id, 1, root, first, last + 1, first + k, record, before[k], proof), "other range");
        isTrue(!ledger.verifyRecord(id, 1, root, first, last, first + k, record, ~before[k], proof), "other chain");
    }

    function test_rewardsAreTheRoyaltiesOfTheForksIdentity() public {
        vm.prank(person(0));
        bytes32 id = ledger.forkModel(person(0), BASE, 1);
        Table[] memory tables = new Table[](2);
        for (uint256 k; k < 2; ++k) {
            tables[k] = open(uniform(4));
            vm.prank(payer);
            royalties.pay{ value: 400 }(tables[k].soupId, address(0), 400);
        }
        (bytes32[] memory ids, uint256[] memory places, bytes32[] memory proofs) = many(tables, 0);
        eq(ledger.claimTrainingRewards(id, address(0), ids, places, proofs), 200, "claimed");
        eq(person(0).balance, 200, "paid to the controller");
    }

    function forkAs(address who) private returns (bytes32) {
        vm.prank(who);
        return ledger.forkModel(who, BASE, 1);
    }
}
