// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { SoupRules } from "../src/SoupRules.sol";
import { ISoupRules } from "../src/interfaces/ISoupRules.sol";
import { Vote } from "../src/libraries/Vote.sol";
import { Kitchen } from "./harness/Kitchen.sol";
import { Tree } from "./harness/Trees.sol";

/// @notice The bit-sliced counters against counting one bit at a time.
contract VoteTest is Kitchen {
    SoupRules private rules = new SoupRules();

    function words(uint256 seed, uint256 n) private pure returns (uint256[] memory list) {
        list = new uint256[](n);
        for (uint256 i; i < n; ++i) {
            uint256 a = uint256(keccak256(abi.encode(seed, i)));
            uint256 b = uint256(keccak256(abi.encode(seed, i, "b")));
            // Half of the cases lean one way, so that thresholds far from one half are met too.
            list[i] = seed % 4 == 0 ? a : seed % 4 == 1 ? a | b : seed % 4 == 2 ? a & b : (i % 2 == 0 ? a : ~a);
        }
    }

    function testFuzz_majorityIsTheNaiveMajority(uint256 seed, uint256 n) public view {
        uint256[] memory list = words(seed, bound(n, 1, 35));
        (uint256 expected,) = naiveVote(list, 0);
        eq(this.majority(list), expected, "sign");
        eq(rules.recountMajority(list, expected), Tree.root(wordLeaves(list)), "words root");
    }

    function testFuzz_certifiedIsTheNaiveRule(uint256 seed, uint256 n, uint256 byzantine) public view {
        uint256[] memory list = words(seed, bound(n, 1, 35));
        byzantine = bound(byzantine, 0, (list.length - 1) / 2);
        (uint256 sign_, uint256 none) = naiveVote(list, byzantine);
        (uint256 sign, uint256 abstain) = this.certified(list, byzantine);
        eq(sign, sign_, "sign");
        eq(abstain, none, "abstain");
        rules.recountCertified(list, byzantine, sign_, none);
    }

    function testFuzz_aWrongVoteIsRefused(uint256 seed, uint256 n, uint8 bit) public {
        uint256[] memory list = words(seed, bound(n, 1, 20));
        (uint256 right,) = naiveVote(list, 0);
        uint256 wrong = right ^ (1 << bit);
        vm.expectRevert(abi.encodeWithSelector(ISoupRules.VoteMismatch.selector, right, wrong));
        rules.recountMajority(list, wrong);
    }

    function testFuzz_medianIsTheSortedOne(uint256 seed, uint256 n, bool close) public view {
        uint256[] memory list = words(seed, bound(n, 1, 24));
        if (close) {
            for (uint256 i; i < list.length; ++i) {
                list[i] &= 0x8000000380000003800000038000000380000003800000038000000380000003;
            }
        }
        (uint256 lane,,) = this.median(list, naiveMedians(list));
        eq(lane, 8, "all lanes");
    }

    function testFuzz_onlyTheMedianIsAccepted(uint256 seed, uint256 n, uint256 lane, uint256 other) public view {
        uint256[] memory list = words(seed, bound(n, 1, 20));
        uint256 right = naiveMedians(list);
        lane = bound(lane, 0, 7);
        uint256 shift = 32 * (7 - lane);
        // Another member's value, or any other: neither is the median unless it is the same number.
        uint256 candidate = other % 2 == 0 ? uint32(list[other % list.length] >> shift) : uint32(other >> 1);
        if (candidate != uint32(right >> shift)) {
            uint256 claimed = (right & ~(uint256(0xffffffff) << shift)) | (candidate << shift);
            (uint256 bad,,) = this.median(list, claimed);
            eq(bad, lane, "the lane that is wrong");
        }
    }

    function test_paddingNeitherVotesNorAbstains() public view {
        uint256[] memory list = new uint256[](9);
        (uint256 sign, uint256 abstain) = this.certified(list, 3);
        eq(sign, 0, "sign");
        eq(abstain, 0, "abstain");
    }

    function test_aTieIsOne() public view {
        uint256[] memory list = new uint256[](4);
        list[0] = type(uint256).max;
        list[1] = type(uint256).max;
        eq(this.majority(list), type(uint256).max, "tie");
        list[1] = 0;
        eq(this.majority(list), 0, "one of four");
    }

    function test_atLargeNumbers() public view {
        uint256[2] memory sizes = [uint256(1000), 1024];
        for (uint256 k; k < 2; ++k) {
            uint256[] memory list = words(4, sizes[k]);
            (uint256 expected,) = naiveVote(list, 0);
            eq(this.majority(list), expected, "sign");
        }
    }

    function majority(uint256[] calldata list) external pure returns (uint256) {
        return Vote.majority(list);
    }

    function certified(uint256[] calldata list, uint256 byzantine) external pure returns (uint256, uint256) {
        return Vote.certified(list, byzantine);
    }

    function median(uint256[] calldata list, uint256 claimed) external pure returns (uint256, uint256, uint256) {
        return Vote.median(list, claimed);
    }
}
