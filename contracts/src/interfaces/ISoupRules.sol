// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Header } from "../types/Soup.sol";

/// @title What a soup's header may say, and how a word of it is counted
/// @notice Stateless: answers are functions of the arguments and the block's time.
interface ISoupRules {
    error HeaderInvalid(bytes32 field, uint256 given);
    error SnapshotOutOfRange(uint256 snapshot, uint256 earliest, uint256 latest);
    error VoteMismatch(uint256 counted, uint256 claimed);
    error AbstainMismatch(uint256 counted, uint256 claimed);
    error MedianMismatch(uint256 lane, uint256 below, uint256 notAbove);

    /// @notice Reverts unless a soup may be proposed with this header now.
    /// @param finalityLag least age of the snapshot, in seconds
    /// @param hasQuorum whether attested weights can be checked
    function requireValid(Header calldata header, uint256 finalityLag, bool hasQuorum) external view;

    /// @notice Reverts unless `sign` is the majority of the words.
    /// @return wordsRoot root of the tree over the words (FORMATS section 7)
    function recountMajority(uint256[] calldata words, uint256 sign) external pure returns (bytes32 wordsRoot);

    /// @notice Reverts unless `sign` and `abstain` are the certified majority of the words.
    function recountCertified(uint256[] calldata words, uint256 byzantine, uint256 sign, uint256 abstain)
        external
        pure
        returns (bytes32 wordsRoot);

    /// @notice Reverts unless `claimed` holds the lower median of each of the eight 32-bit lanes.
    function recountMedian(uint256[] calldata words, uint256 claimed) external pure returns (bytes32 wordsRoot);
}
