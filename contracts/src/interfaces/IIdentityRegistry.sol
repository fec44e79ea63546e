// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Identities after ERC-1056 (did:ethr)
/// @notice Every address is an identity and, until it says otherwise, its own controller. The key is the address; the
/// DID string `did:lux:<chainId>:<address in lower case>` exists in a view only, so one identity has one name.
interface IIdentityRegistry {
    error NotController(address identity, address actor, address controller);
    error Deactivated(address identity);
    error InvalidSignature(address identity, address controller, address recovered);
    error SignatureExpired(uint256 deadline, uint256 timestamp);
    error ValidityTooLong(uint256 validity, uint256 max);
    error ZeroDelegate();

    event DIDOwnerChanged(address indexed identity, address owner, uint256 previousChange);
    event DIDDelegateChanged(
        address indexed identity, bytes32 delegateType, address delegate, uint256 validTo, uint256 previousChange
    );
    event DIDAttributeChanged(
        address indexed identity, bytes32 name, bytes value, uint256 validTo, uint256 previousChange
    );

    /// @notice Gives the identity to another controller; zero deactivates it for ever.
    function changeOwner(address identity, address newOwner) external;

    /// @notice `ChangeOwner(address identity,address newOwner,uint256 nonce,uint256 deadline)` signed by the controller.
    function changeOwnerBySig(address identity, address newOwner, uint256 deadline, bytes calldata signature) external;

    /// @param validity seconds from now
    function addDelegate(address identity, bytes32 delegateType, address delegate, uint256 validity) external;

    /// @notice `AddDelegate(address identity,bytes32 delegateType,address delegate,uint256 validity,uint256
    /// nonce,uint256 deadline)` signed by the controller.
    function addDelegateBySig(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 validity,
        uint256 deadline,
        bytes calldata signature
    ) external;

    function revokeDelegate(address identity, bytes32 delegateType, address delegate) external;

    /// @notice `RevokeDelegate(address identity,bytes32 delegateType,address delegate,uint256 nonce,uint256 deadline)`
    function revokeDelegateBySig(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Attributes live in events: service endpoint, ML-KEM public key, manifest CID, persona credential hash.
    function setAttribute(address identity, bytes32 name, bytes calldata value, uint256 validity) external;

    /// @notice `SetAttribute(address identity,bytes32 name,bytes value,uint256 validity,uint256 nonce,uint256 deadline)`
    function setAttributeBySig(
        address identity,
        bytes32 name,
        bytes calldata value,
        uint256 validity,
        uint256 deadline,
        bytes calldata signature
    ) external;

    function revokeAttribute(address identity, bytes32 name, bytes calldata value) external;

    /// @notice `RevokeAttribute(address identity,bytes32 name,bytes value,uint256 nonce,uint256 deadline)`
    function revokeAttributeBySig(
        address identity,
        bytes32 name,
        bytes calldata value,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Makes every signature with the identity's current nonce worthless.
    function cancelSignatures(address identity) external;

    /// @notice The current controller; zero if the identity is deactivated.
    function identityOwner(address identity) external view returns (address);

    /// @notice The controller at a past moment: a rotation later than a soup's snapshot does not undo a consent.
    /// @param timestamp seconds, not after the current block
    function controllerAt(address identity, uint48 timestamp) external view returns (address);

    function validDelegate(address identity, bytes32 delegateType, address delegate) external view returns (bool);

    /// @notice Controller of the identity, and whether `actor` may act for it under `delegateType`, in one call.
    function authority(address identity, bytes32 delegateType, address actor)
        external
        view
        returns (address controller, bool allowed);

    function nonces(address identity) external view returns (uint256);

    /// @notice Block of the identity's last event: the head of its history (ERC-1056).
    function changed(address identity) external view returns (uint256);

    function domainSeparator() external view returns (bytes32);

    /// @notice `did:lux:<chainId>:<address in lower case>`
    function did(address identity) external view returns (string memory);
}
