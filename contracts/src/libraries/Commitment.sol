// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Delta, Roots } from "../types/Delta.sol";
import { Header, Weight } from "../types/Soup.sol";
import { Tags } from "./Tags.sol";

/// @title Hashes of FORMATS sections 4, 6 and 7
library Commitment {
    /// Bytes of one leaf's chunk: 32 words.
    uint256 internal constant CHUNK = 1024;

    bytes32 internal constant DELTA_TYPEHASH = keccak256(
        "Delta(address identity,bytes32 baseHash,bytes32 deltaRoot,bytes32 manifestDigest,bytes32 receiptHash,uint24 epsilonMilli,uint8 flags)"
    );

    /// @dev All fields are words of calldata, so they are hashed as they lie: half the code of `abi.encode`. A field with
    /// dirty high bits gives an id that nothing else has.
    function deltaId(Delta calldata delta) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := delta
        }
        return hash(DELTA_TYPEHASH, offset, 7 * 32);
    }

    /// @param leafSalt zero, or H(E(T("salt"), salt, kind, index))
    function leaf(address identity, uint256 kind, uint256 index, bytes32 leafSalt, bytes calldata chunk)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(Tags.LEAF, identity, kind, index, leafSalt, keccak256(chunk)));
    }

    function deltaRoot(Roots calldata roots) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := roots
        }
        return hash(Tags.ROOT, offset, 7 * 32);
    }

    function memberLeaf(uint256 index, bytes32 id) internal pure returns (bytes32) {
        return keccak256(abi.encode(Tags.MEMBER, index, id));
    }

    /// @dev abi.encode without the allocation: a claim hashes this for every soup.
    function weightLeaf(uint256 index, uint256 kind, bytes32 who, uint256 start, uint256 end)
        internal
        pure
        returns (bytes32 result)
    {
        bytes32 tag = Tags.WEIGHT;
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, tag)
            mstore(add(m, 32), index)
            mstore(add(m, 64), kind)
            mstore(add(m, 96), who)
            mstore(add(m, 128), start)
            mstore(add(m, 160), end)
            result := keccak256(m, 192)
        }
    }

    function wordLeaf(uint256 index, uint256 word) internal pure returns (bytes32) {
        return keccak256(abi.encode(Tags.WORD, index, word));
    }

    function soupId(address proposer, Header calldata header) internal view returns (bytes32) {
        return keccak256(abi.encode(Tags.SOUP, block.chainid, address(this), proposer, headerHash(header)));
    }

    function headerHash(Header calldata header) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let m := mload(0x40)
            calldatacopy(m, header, 576)
            result := keccak256(m, 576)
        }
    }

    function termsHash(Header calldata header) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                Tags.TERMS,
                header.baseHash,
                header.rule,
                header.weightsRule,
                header.epsilonCapMilli,
                header.requiredFlags
            )
        );
    }

    /// @dev keccak256(head ‖ calldata[offset:offset + size])
    function hash(bytes32 head, uint256 offset, uint256 size) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, head)
            calldatacopy(add(m, 32), offset, size)
            result := keccak256(m, add(size, 32))
        }
    }
}
