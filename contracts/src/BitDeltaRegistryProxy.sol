// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ERC1967Proxy } from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";

/// @title The registry's address
/// @notice Holds the state; its address is the one in signatures and statements. Upgrades go through the registry's own
/// `upgradeToAndCall`, by its owner.
contract BitDeltaRegistryProxy is ERC1967Proxy {
    constructor(address implementation, bytes memory init) ERC1967Proxy(implementation, init) { }
}
