// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import { SignatureChecker } from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title EIP-712 domains and signatures
/// @dev The separator is computed, not cached: the domain must follow the chain id through a fork and, behind a proxy,
/// the proxy's address; five hashed words cost less than the storage that a cache would read.
library TypedData {
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant VERSION_HASH = keccak256("1");

    function domain(bytes32 nameHash) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, nameHash, VERSION_HASH, block.chainid, address(this)));
    }

    function digest(bytes32 domainSeparator, bytes32 structHash) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, hex"1901")
            mstore(add(m, 2), domainSeparator)
            mstore(add(m, 34), structHash)
            result := keccak256(m, 66)
        }
    }

    /// @notice The signer of a 65-byte signature with low s; zero if it is not one.
    function recover(bytes32 hash, bytes calldata signature) internal pure returns (address signer) {
        (signer,,) = ECDSA.tryRecoverCalldata(hash, signature);
    }

    /// @notice Whether the contract at `account` accepts the signature (ERC-1271).
    function acceptedBy(address account, bytes32 hash, bytes calldata signature) internal view returns (bool) {
        return account.code.length != 0 && SignatureChecker.isValidERC1271SignatureNow(account, hash, signature);
    }
}
