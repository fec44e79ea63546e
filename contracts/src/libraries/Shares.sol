// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What an interval may draw from a pot
/// @notice The one place where money leaves a pot: kept apart so that `proofs/Solvency.sol` proves this very code.
library Shares {
    /// Weights are billionths.
    uint256 internal constant WHOLE = 1e9;

    error IntervalInvalid(uint256 start, uint256 end);

    /// @param received lifetime receipts, below 2^128
    /// @param paid what left the pot so far, at most `received`
    /// @param claimed what this interval has drawn so far
    /// @return total lifetime share of the interval, floored
    /// @return amount what is due now: nothing, where a tree names two intervals by one index and the larger drew first
    /// @return covered whether the pot can pay it: false only where a tree's intervals overlap
    function due(uint256 received, uint256 paid, uint256 claimed, uint256 start, uint256 end)
        internal
        pure
        returns (uint256 total, uint256 amount, bool covered)
    {
        if (start >= end || end > WHOLE) {
            revert IntervalInvalid(start, end);
        }
        unchecked {
            // Below 2^158.
            total = received * (end - start) / WHOLE;
            amount = total > claimed ? total - claimed : 0;
            covered = amount <= received - paid;
        }
    }
}
