// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Checks evidence about one delta
/// @notice The statement that evidence must bind is FORMATS section 6, with the calling registry's address in it.
interface IEvidenceVerifier {
    /// @notice Reverts with the reason when the evidence does not hold.
    /// @param deltaId the delta that the evidence must bind
    /// @param evidence the verifier's own encoding
    /// @return flag `Flags.TEE` or `Flags.DEVELOPMENT`
    function verify(bytes32 deltaId, bytes calldata evidence) external returns (uint8 flag);
}
