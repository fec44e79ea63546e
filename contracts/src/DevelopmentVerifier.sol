// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IEvidenceVerifier } from "./interfaces/IEvidenceVerifier.sol";
import { Statement } from "./libraries/Statement.sol";
import { Flags } from "./types/Delta.sol";
import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Software evidence, for development
/// @notice Proves that a known key made the statement and nothing about hardware, so it cannot be deployed on a chain
/// where that could be mistaken for more.
contract DevelopmentVerifier is IEvidenceVerifier {
    error NotATestChain(uint256 chainId);
    error ZeroAnchor();
    error NotTheAnchor(address recovered, address anchor);

    /// Key of the software attester.
    address public immutable ANCHOR;

    constructor(address anchor) {
        if (!isTestChain(block.chainid)) {
            revert NotATestChain(block.chainid);
        }
        if (anchor == address(0)) {
            revert ZeroAnchor();
        }
        ANCHOR = anchor;
    }

    /// @inheritdoc IEvidenceVerifier
    /// @dev evidence = abi.encode(Statement.Binding, 65-byte signature of the raw statement by the anchor). The chain is
    /// asked again: a fork can carry the code elsewhere.
    function verify(bytes32 deltaId, bytes calldata evidence) external view returns (uint8 flag) {
        if (!isTestChain(block.chainid)) {
            revert NotATestChain(block.chainid);
        }
        (Statement.Binding memory binding, bytes memory signature) = abi.decode(evidence, (Statement.Binding, bytes));
        (address recovered,,) = ECDSA.tryRecover(Statement.hash(msg.sender, deltaId, binding), signature);
        if (recovered != ANCHOR) {
            revert NotTheAnchor(recovered, ANCHOR);
        }
        return Flags.DEVELOPMENT;
    }

    /// @notice 31337 (anvil, hardhat) and 1337 (other development nodes): chains that nobody else can be on.
    function isTestChain(uint256 chainId) public pure returns (bool) {
        return chainId == 31_337 || chainId == 1337;
    }
}
