// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Shares } from "../src/libraries/Shares.sol";

/// @notice Claim: whatever payments and draws come in whatever order, with whatever intervals, a pot never pays more
/// than it received. Draws go through the library that the royalties contract uses.
contract Solvency {
    uint256 private received;
    uint256 private paid;
    uint256 private claimed;

    function pay(uint256 amount) external {
        require(amount <= type(uint128).max - received);
        received += amount;
    }

    /// @dev One payee's history is followed, everybody else's is any number: `other` stands for a claim of theirs.
    function draw(uint256 start, uint256 end, uint256 history, bool other) external {
        uint256 before = other ? history : claimed;
        (uint256 total, uint256 amount, bool covered) = Shares.due(received, paid, before, start, end);
        require(covered);
        paid += amount;
        if (!other) {
            claimed = total;
        }
        assert(paid <= received);
    }
}
