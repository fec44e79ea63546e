// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Vm } from "./Vm.sol";

/// @notice Assertions with both values in the message, and the house's keys.
abstract contract Test {
    error NotEqual(string what, bytes32 given, bytes32 expected);
    error NotTrue(string what);
    error NotAtMost(string what, uint256 given, uint256 limit);

    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @dev The optimizer takes `block.timestamp` for constant within a call; `warp` makes it none.
    function clock() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    function eq(bytes32 given, bytes32 expected, string memory what) internal pure {
        if (given != expected) {
            revert NotEqual(what, given, expected);
        }
    }

    function eq(uint256 given, uint256 expected, string memory what) internal pure {
        eq(bytes32(given), bytes32(expected), what);
    }

    function eq(address given, address expected, string memory what) internal pure {
        eq(bytes32(uint256(uint160(given))), bytes32(uint256(uint160(expected))), what);
    }

    function isTrue(bool condition, string memory what) internal pure {
        if (!condition) {
            revert NotTrue(what);
        }
    }

    function atMost(uint256 given, uint256 limit, string memory what) internal pure {
        if (given > limit) {
            revert NotAtMost(what, given, limit);
        }
    }

    function bound(uint256 x, uint256 min, uint256 max) internal pure returns (uint256) {
        uint256 span = max - min;
        return span == type(uint256).max ? x : min + x % (span + 1);
    }

    function sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function typed(bytes32 domain, bytes32 structHash) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
