// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Tags } from "./Tags.sol";

/// @title The statement that evidence binds (FORMATS section 6)
library Statement {
    /// @notice The parts that come with the evidence; chain, registry and delta are the verifier's to add.
    struct Binding {
        bytes32 nonce;
        /// H(JSON of the manifest's privacy section), zero without a claim.
        bytes32 dpParamsHash;
        /// H(E(address)) of a session key, or zero.
        bytes32 sessionKeyHash;
        /// H(GPU report), or zero.
        bytes32 gpuEvidenceHash;
        /// Last second in which the statement holds.
        uint64 expiry;
    }

    error StatementExpired(uint256 expiry, uint256 timestamp);

    /// @param registry the registry of deltas, its proxy's address
    function hash(address registry, bytes32 deltaId, Binding memory binding) internal view returns (bytes32) {
        if (block.timestamp > binding.expiry) {
            revert StatementExpired(binding.expiry, block.timestamp);
        }
        return keccak256(abi.encode(Tags.STATEMENT, block.chainid, registry, deltaId, binding));
    }

    function keyHash(address key) internal pure returns (bytes32) {
        return keccak256(abi.encode(key));
    }
}
