// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title Owner of the registry
/// @notice 72 hours on a real chain. It administers itself: nobody can skip its delay.
contract RegistryTimelock is TimelockController {
    constructor(uint256 minDelay, address[] memory proposers, address[] memory executors)
        TimelockController(minDelay, proposers, executors, address(0))
    { }
}
