// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ISoupRules } from "./interfaces/ISoupRules.sol";
import { Merkle } from "./libraries/Merkle.sol";
import { Tags } from "./libraries/Tags.sol";
import { Vote } from "./libraries/Vote.sol";
import { Flags } from "./types/Delta.sol";
import { Header, Rules } from "./types/Soup.sol";

/// @title What a soup's header may say, and how a word of it is counted
/// @dev Apart from `DeltaSoups` because of the size limit of a contract (EIP-170). It has no state and no power: what it
/// returns is a function of its arguments.
contract SoupRules is ISoupRules {
    /// More words than this do not fit into one transaction of the usual mempool (128 KiB) with room to spare.
    uint256 public constant MAX_MEMBERS = 3000;
    /// A snapshot may lie this far back, in seconds.
    uint256 public constant MAX_SNAPSHOT_AGE = 1 days;

    /// @inheritdoc ISoupRules
    function requireValid(Header calldata header, uint256 finalityLag, bool hasQuorum) external view {
        uint256 n = header.members;
        if (n == 0 || n > MAX_MEMBERS) {
            revert HeaderInvalid("members", n);
        }
        bool certified = header.rule == Rules.CERTIFIED;
        if (header.rule != Rules.MAJORITY && !certified) {
            revert HeaderInvalid("rule", header.rule);
        }
        if (2 * uint256(header.byzantine) >= n || (!certified && header.byzantine != 0)) {
            revert HeaderInvalid("byzantine", header.byzantine);
        }
        if ((header.abstainRoot != 0) != certified) {
            revert HeaderInvalid("abstainRoot", uint256(header.abstainRoot));
        }
        if (header.weightsRule == Rules.UNIFORM ? header.payees != n : header.payees == 0) {
            revert HeaderInvalid("payees", header.payees);
        }
        if (header.weightsRule != Rules.UNIFORM && (header.weightsRule != Rules.ATTESTED || !hasQuorum)) {
            revert HeaderInvalid("weightsRule", header.weightsRule);
        }
        if (header.nSigns == 0) {
            revert HeaderInvalid("nSigns", 0);
        }
        if (header.nScales == 0) {
            revert HeaderInvalid("nScales", 0);
        }
        if (header.weightsRoot == 0 || header.membersRoot == 0 || header.signsRoot == 0 || header.scalesRoot == 0) {
            revert HeaderInvalid("roots", 0);
        }
        if (header.requiredFlags & ~(Flags.CALLER | Flags.EVIDENCE) != 0) {
            revert HeaderInvalid("requiredFlags", header.requiredFlags);
        }
        if (header.snapshot + finalityLag > block.timestamp || header.snapshot + MAX_SNAPSHOT_AGE < block.timestamp) {
            revert SnapshotOutOfRange(
                header.snapshot, block.timestamp - MAX_SNAPSHOT_AGE, block.timestamp - finalityLag
            );
        }
    }

    /// @inheritdoc ISoupRules
    function recountMajority(uint256[] calldata words, uint256 sign) external pure returns (bytes32 wordsRoot) {
        uint256 counted = Vote.majority(words);
        if (counted != sign) {
            revert VoteMismatch(counted, sign);
        }
        return _root(words);
    }

    /// @inheritdoc ISoupRules
    function recountCertified(uint256[] calldata words, uint256 byzantine, uint256 sign, uint256 abstain)
        external
        pure
        returns (bytes32 wordsRoot)
    {
        (uint256 counted, uint256 none) = Vote.certified(words, byzantine);
        if (counted != sign) {
            revert VoteMismatch(counted, sign);
        }
        if (none != abstain) {
            revert AbstainMismatch(none, abstain);
        }
        return _root(words);
    }

    /// @inheritdoc ISoupRules
    function recountMedian(uint256[] calldata words, uint256 claimed) external pure returns (bytes32 wordsRoot) {
        (uint256 lane, uint256 below, uint256 notAbove) = Vote.median(words, claimed);
        if (lane != 8) {
            revert MedianMismatch(lane, below, notAbove);
        }
        return _root(words);
    }

    function _root(uint256[] calldata words) private pure returns (bytes32) {
        return Merkle.rootInPlace(Vote.wordLeaves(Tags.WORD, words));
    }
}
