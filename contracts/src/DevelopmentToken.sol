// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import { ERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title A token to try payments with
/// @notice Its whole supply goes to whoever deploys it, so it cannot be deployed on a chain where somebody might take it
/// for money.
contract DevelopmentToken is ERC20Permit {
    error NotATestChain(uint256 chainId);

    constructor(uint256 supply) ERC20("BitDelta development token", "DEV") ERC20Permit("BitDelta development token") {
        if (block.chainid != 31_337 && block.chainid != 1337) {
            revert NotATestChain(block.chainid);
        }
        _mint(msg.sender, supply);
    }
}
