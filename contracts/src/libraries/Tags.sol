// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Domain tags: `T(x) = keccak256("bitdelta." x ".v1")` (FORMATS)
/// @dev Every hashed tuple begins with its tag, so no leaf, root or id of one kind can pass for another.
library Tags {
    bytes32 internal constant LEAF = keccak256("bitdelta.leaf.v1");
    bytes32 internal constant SALT = keccak256("bitdelta.salt.v1");
    bytes32 internal constant FILE = keccak256("bitdelta.file.v1");
    bytes32 internal constant ROOT = keccak256("bitdelta.root.v1");
    bytes32 internal constant STATEMENT = keccak256("bitdelta.statement.v1");
    bytes32 internal constant TERMS = keccak256("bitdelta.terms.v1");
    bytes32 internal constant SOUP = keccak256("bitdelta.soup.v1");
    bytes32 internal constant MEMBER = keccak256("bitdelta.member.v1");
    bytes32 internal constant WEIGHT = keccak256("bitdelta.weight.v1");
    bytes32 internal constant WORD = keccak256("bitdelta.word.v1");
    bytes32 internal constant FORK = keccak256("bitdelta.fork.v1");
    bytes32 internal constant RECORD = keccak256("bitdelta.record.v1");
}
