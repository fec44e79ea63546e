// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Positional Merkle trees (FORMATS section 4)
/// @notice Depth ceil(log2 n), missing leaves are zero, node = keccak256(left ‖ right); one leaf is its own root.
library Merkle {
    /// @notice ceil(log2 count), 0 for counts 0 and 1.
    function depth(uint256 count) internal pure returns (uint256 d) {
        unchecked {
            if (count > 1) {
                uint256 x = count - 1;
                while (x != 0) {
                    x >>= 1;
                    ++d;
                }
            }
        }
    }

    /// @notice Whether `leaf` stands at `index` of the tree over `count` leaves.
    function verify(bytes32 root, bytes32 leaf, uint256 index, uint256 count, bytes32[] calldata proof)
        internal
        pure
        returns (bool)
    {
        return index < count && proof.length == depth(count) && climb(leaf, index, proof) == root;
    }

    /// @notice Hashes from a node upwards; bit j of `index` says whether the node at step j is the right one.
    function climb(bytes32 node, uint256 index, bytes32[] calldata proof) internal pure returns (bytes32) {
        assembly ("memory-safe") {
            // The two children lie in scratch space: the node's place is 0 or 32 by the bit, the sibling's the other.
            // Two levels a turn halve the price of turning.
            let p := proof.offset
            let end := add(p, shl(5, proof.length))
            let side := shl(5, index)
            if and(proof.length, 1) {
                let at_ := and(side, 32)
                mstore(at_, node)
                mstore(xor(at_, 32), calldataload(p))
                node := keccak256(0, 64)
                side := shr(1, side)
                p := add(p, 32)
            }
            for { } lt(p, end) { p := add(p, 64) } {
                let at_ := and(side, 32)
                mstore(at_, node)
                mstore(xor(at_, 32), calldataload(p))
                node := keccak256(0, 64)
                at_ := and(shr(1, side), 32)
                mstore(at_, node)
                mstore(xor(at_, 32), calldataload(add(p, 32)))
                node := keccak256(0, 64)
                side := shr(2, side)
            }
        }
        return node;
    }

    /// @notice Root over the leaves in memory. Overwrites them.
    function rootInPlace(bytes32[] memory leaves) internal pure returns (bytes32) {
        uint256 count = leaves.length;
        if (count == 0) {
            return 0;
        }
        assembly ("memory-safe") {
            let base := add(leaves, 32)
            // A padded subtree is not zero above the leaves: its node at each level is the hash of two of the level below.
            let filler := 0
            for { } gt(count, 1) { } {
                let half := shr(1, count)
                let to := base
                let from := base
                for { let i := 0 } lt(i, half) { i := add(i, 1) } {
                    mstore(to, keccak256(from, 64))
                    to := add(to, 32)
                    from := add(from, 64)
                }
                if and(count, 1) {
                    mstore(0, mload(from))
                    mstore(32, filler)
                    mstore(to, keccak256(0, 64))
                    half := add(half, 1)
                }
                mstore(0, filler)
                mstore(32, filler)
                filler := keccak256(0, 64)
                count := half
            }
        }
        return leaves[0];
    }
}
