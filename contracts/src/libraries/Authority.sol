// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IIdentityRegistry } from "../interfaces/IIdentityRegistry.sol";

/// @title Who may act for an identity, asked of the identity registry
/// @notice The plain calls cost 300 gas more for encoding and decoding, on every claim and publication.
/// `test/Authority.t.sol` fuzzes these against them.
library Authority {
    error IdentitiesUnreachable(address registry);

    /// @notice `identityOwner`
    function controllerOf(address registry, address identity) internal view returns (address controller) {
        bytes4 selector = IIdentityRegistry.identityOwner.selector;
        bool answered;
        assembly ("memory-safe") {
            // Scratch space holds question and answer.
            mstore(0, selector)
            mstore(4, identity)
            answered := and(gt(returndatasize(), 31), staticcall(gas(), registry, 0, 36, 0, 32))
            controller := mload(0)
        }
        if (!answered) {
            revert IdentitiesUnreachable(registry);
        }
    }

    /// @notice `authority`
    function rightsOf(address registry, address identity, bytes32 delegateType, address actor)
        internal
        view
        returns (address controller, bool allowed)
    {
        bytes4 selector = IIdentityRegistry.authority.selector;
        bool answered;
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, selector)
            mstore(add(m, 4), identity)
            mstore(add(m, 36), delegateType)
            mstore(add(m, 68), actor)
            answered := and(gt(returndatasize(), 63), staticcall(gas(), registry, m, 100, 0, 64))
            controller := mload(0)
            allowed := mload(32)
        }
        if (!answered) {
            revert IdentitiesUnreachable(registry);
        }
    }
}
