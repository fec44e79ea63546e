// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The plain way to build a tree of FORMATS section 4: pad to a power of two, hash level by level. The reference
/// for `Merkle`.
library Tree {
    function depth(uint256 count) internal pure returns (uint256 d) {
        while ((uint256(1) << d) < count) {
            ++d;
        }
    }

    function padded(bytes32[] memory leaves) internal pure returns (bytes32[] memory level) {
        level = new bytes32[](1 << depth(leaves.length));
        for (uint256 i; i < leaves.length; ++i) {
            level[i] = leaves[i];
        }
    }

    function up(bytes32[] memory level) internal pure returns (bytes32[] memory next) {
        next = new bytes32[](level.length / 2);
        for (uint256 i; i < next.length; ++i) {
            next[i] = keccak256(abi.encode(level[2 * i], level[2 * i + 1]));
        }
    }

    function root(bytes32[] memory leaves) internal pure returns (bytes32) {
        if (leaves.length == 0) {
            return 0;
        }
        bytes32[] memory level = padded(leaves);
        while (level.length > 1) {
            level = up(level);
        }
        return level[0];
    }

    function proof(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory siblings) {
        bytes32[] memory level = padded(leaves);
        siblings = new bytes32[](depth(leaves.length));
        for (uint256 d; d < siblings.length; ++d) {
            siblings[d] = level[index ^ 1];
            level = up(level);
            index /= 2;
        }
    }

    /// @notice The nodes of a level: 0 for leaves.
    function nodes(bytes32[] memory leaves, uint256 height) internal pure returns (bytes32[] memory level) {
        level = padded(leaves);
        for (uint256 d; d < height; ++d) {
            level = up(level);
        }
    }

    /// @notice Proof of a node of a level.
    function proofAt(bytes32[] memory leaves, uint256 height, uint256 index) internal pure returns (bytes32[] memory) {
        return proof(nodes(leaves, height), index);
    }
}
