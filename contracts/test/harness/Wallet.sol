// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice A contract wallet that can change its mind.
contract Wallet {
    address private immutable SIGNER;
    bool private open = true;

    constructor(address signer) {
        SIGNER = signer;
    }

    receive() external payable { }

    function setOpen(bool value) external {
        open = value;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return open && ECDSA.recover(hash, signature) == SIGNER ? this.isValidSignature.selector : bytes4(0);
    }
}
