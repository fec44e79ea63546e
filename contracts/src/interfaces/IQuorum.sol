// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title m-of-n operators whose signatures stand for what a chain cannot compute
interface IQuorum {
    error QuorumNotReached(uint256 valid, uint256 threshold);
    error NotAnOperator(address signer);
    error SignersNotAscending(address previous, address signer);
    error SignaturesMalformed(uint256 length);

    /// @notice Reverts unless at least `threshold` operators signed the digest.
    /// @param signatures 65 bytes (r, s, v) each, in ascending order of the signers' addresses
    function requireQuorum(bytes32 digest, bytes calldata signatures) external view;

    function operators() external view returns (address[] memory);

    function threshold() external view returns (uint256);
}
