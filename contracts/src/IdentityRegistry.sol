// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IIdentityRegistry } from "./interfaces/IIdentityRegistry.sol";
import { TypedData } from "./libraries/TypedData.sol";
import { Strings } from "@openzeppelin/contracts/utils/Strings.sol";
import { Checkpoints } from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// @title Identities: who controls whom, and since when
/// @notice Immutable and without an owner, because it names who is paid.
/// @dev An identity that never changed anything costs no storage. One that did has one slot, and each rotation adds one
/// checkpoint, so that "who controlled it at that moment" stays answerable.
contract IdentityRegistry is IIdentityRegistry {
    using Checkpoints for Checkpoints.Trace208;

    /// @dev `owner` counts only if `rotated`; rotated to zero means deactivated.
    struct State {
        address owner;
        bool rotated;
        uint40 nonce;
        uint48 changed;
    }

    /// Longer validities could overflow the end time and are no use to anybody: about 3000 years.
    uint256 private constant MAX_VALIDITY = 100_000_000_000;

    bytes32 private constant NAME_HASH = keccak256("IdentityRegistry");
    bytes32 private constant CHANGE_OWNER =
        keccak256("ChangeOwner(address identity,address newOwner,uint256 nonce,uint256 deadline)");
    bytes32 private constant ADD_DELEGATE = keccak256(
        "AddDelegate(address identity,bytes32 delegateType,address delegate,uint256 validity,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant REVOKE_DELEGATE = keccak256(
        "RevokeDelegate(address identity,bytes32 delegateType,address delegate,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant SET_ATTRIBUTE = keccak256(
        "SetAttribute(address identity,bytes32 name,bytes value,uint256 validity,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant REVOKE_ATTRIBUTE =
        keccak256("RevokeAttribute(address identity,bytes32 name,bytes value,uint256 nonce,uint256 deadline)");

    mapping(address identity => State) private _states;
    mapping(address identity => Checkpoints.Trace208) private _history;
    mapping(address identity => mapping(bytes32 delegateType => mapping(address delegate => uint256 validTo))) private
        _delegates;

    // ---------------------------------------------------------------- external

    /// @inheritdoc IIdentityRegistry
    function changeOwner(address identity, address newOwner) external {
        _requireController(identity);
        _changeOwner(identity, newOwner);
    }

    /// @inheritdoc IIdentityRegistry
    function changeOwnerBySig(address identity, address newOwner, uint256 deadline, bytes calldata signature) external {
        uint256 nonce = _states[identity].nonce;
        _useSignature(
            identity, deadline, keccak256(abi.encode(CHANGE_OWNER, identity, newOwner, nonce, deadline)), signature
        );
        _changeOwner(identity, newOwner);
    }

    /// @inheritdoc IIdentityRegistry
    function addDelegate(address identity, bytes32 delegateType, address delegate, uint256 validity) external {
        _requireController(identity);
        _addDelegate(identity, delegateType, delegate, validity);
    }

    /// @inheritdoc IIdentityRegistry
    function addDelegateBySig(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 validity,
        uint256 deadline,
        bytes calldata signature
    ) external {
        uint256 nonce = _states[identity].nonce;
        _useSignature(
            identity,
            deadline,
            keccak256(abi.encode(ADD_DELEGATE, identity, delegateType, delegate, validity, nonce, deadline)),
            signature
        );
        _addDelegate(identity, delegateType, delegate, validity);
    }

    /// @inheritdoc IIdentityRegistry
    function revokeDelegate(address identity, bytes32 delegateType, address delegate) external {
        _requireController(identity);
        _revokeDelegate(identity, delegateType, delegate);
    }

    /// @inheritdoc IIdentityRegistry
    function revokeDelegateBySig(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 deadline,
        bytes calldata signature
    ) external {
        uint256 nonce = _states[identity].nonce;
        _useSignature(
            identity,
            deadline,
            keccak256(abi.encode(REVOKE_DELEGATE, identity, delegateType, delegate, nonce, deadline)),
            signature
        );
        _revokeDelegate(identity, delegateType, delegate);
    }

    /// @inheritdoc IIdentityRegistry
    function setAttribute(address identity, bytes32 name, bytes calldata value, uint256 validity) external {
        _requireController(identity);
        _setAttribute(identity, name, value, validity);
    }

    /// @inheritdoc IIdentityRegistry
    function setAttributeBySig(
        address identity,
        bytes32 name,
        bytes calldata value,
        uint256 validity,
        uint256 deadline,
        bytes calldata signature
    ) external {
        uint256 nonce = _states[identity].nonce;
        _useSignature(
            identity,
            deadline,
            keccak256(abi.encode(SET_ATTRIBUTE, identity, name, keccak256(value), validity, nonce, deadline)),
            signature
        );
        _setAttribute(identity, name, value, validity);
    }

    /// @inheritdoc IIdentityRegistry
    function revokeAttribute(address identity, bytes32 name, bytes calldata value) external {
        _requireController(identity);
        emit DIDAttributeChanged(identity, name, value, 0, _touch(identity));
    }

    /// @inheritdoc IIdentityRegistry
    function revokeAttributeBySig(
        address identity,
        bytes32 name,
        bytes calldata value,
        uint256 deadline,
        bytes calldata signature
    ) external {
        uint256 nonce = _states[identity].nonce;
        _useSignature(
            identity,
            deadline,
            keccak256(abi.encode(REVOKE_ATTRIBUTE, identity, name, keccak256(value), nonce, deadline)),
            signature
        );
        emit DIDAttributeChanged(identity, name, value, 0, _touch(identity));
    }

    /// @inheritdoc IIdentityRegistry
    function cancelSignatures(address identity) external {
        _requireController(identity);
        ++_states[identity].nonce;
    }

    /// @inheritdoc IIdentityRegistry
    function controllerAt(address identity, uint48 timestamp) external view returns (address) {
        Checkpoints.Trace208 storage history = _history[identity];
        (bool found, uint48 first,) = _first(history);
        if (!found || timestamp < first) {
            return identity;
        }
        return address(uint160(history.upperLookupRecent(timestamp)));
    }

    /// @inheritdoc IIdentityRegistry
    function authority(address identity, bytes32 delegateType, address actor)
        external
        view
        returns (address controller, bool allowed)
    {
        controller = identityOwner(identity);
        allowed = controller != address(0)
            && (controller == actor || _delegates[identity][delegateType][actor] > block.timestamp);
    }

    /// @inheritdoc IIdentityRegistry
    function validDelegate(address identity, bytes32 delegateType, address delegate) external view returns (bool) {
        return identityOwner(identity) != address(0) && _delegates[identity][delegateType][delegate] > block.timestamp;
    }

    /// @inheritdoc IIdentityRegistry
    function nonces(address identity) external view returns (uint256) {
        return _states[identity].nonce;
    }

    /// @inheritdoc IIdentityRegistry
    function changed(address identity) external view returns (uint256) {
        return _states[identity].changed;
    }

    /// @inheritdoc IIdentityRegistry
    function did(address identity) external view returns (string memory) {
        return string.concat("did:lux:", Strings.toString(block.chainid), ":", Strings.toHexString(identity));
    }

    function domainSeparator() external view returns (bytes32) {
        return TypedData.domain(NAME_HASH);
    }

    /// @inheritdoc IIdentityRegistry
    function identityOwner(address identity) public view returns (address) {
        State storage state = _states[identity];
        return state.rotated ? state.owner : identity;
    }

    // ---------------------------------------------------------------- internal

    function _requireController(address identity) private view {
        address controller = identityOwner(identity);
        if (controller == address(0)) {
            revert Deactivated(identity);
        }
        if (controller != msg.sender) {
            revert NotController(identity, msg.sender, controller);
        }
    }

    /// @dev Uses the nonce before anything else can happen, so a signature works once.
    function _useSignature(address identity, uint256 deadline, bytes32 structHash, bytes calldata signature) private {
        if (block.timestamp > deadline) {
            revert SignatureExpired(deadline, block.timestamp);
        }
        address controller = identityOwner(identity);
        if (controller == address(0)) {
            revert Deactivated(identity);
        }
        ++_states[identity].nonce;
        bytes32 digest = TypedData.digest(TypedData.domain(NAME_HASH), structHash);
        address recovered = TypedData.recover(digest, signature);
        if (recovered != controller && !TypedData.acceptedBy(controller, digest, signature)) {
            revert InvalidSignature(identity, controller, recovered);
        }
    }

    function _changeOwner(address identity, address newOwner) private {
        uint256 previous = _touch(identity);
        State storage state = _states[identity];
        state.owner = newOwner;
        state.rotated = true;
        _history[identity].push(uint48(block.timestamp), uint208(uint160(newOwner)));
        emit DIDOwnerChanged(identity, newOwner, previous);
    }

    function _addDelegate(address identity, bytes32 delegateType, address delegate, uint256 validity) private {
        if (delegate == address(0)) {
            revert ZeroDelegate();
        }
        uint256 validTo = _end(validity);
        _delegates[identity][delegateType][delegate] = validTo;
        emit DIDDelegateChanged(identity, delegateType, delegate, validTo, _touch(identity));
    }

    function _revokeDelegate(address identity, bytes32 delegateType, address delegate) private {
        _delegates[identity][delegateType][delegate] = 0;
        emit DIDDelegateChanged(identity, delegateType, delegate, block.timestamp, _touch(identity));
    }

    function _setAttribute(address identity, bytes32 name, bytes calldata value, uint256 validity) private {
        emit DIDAttributeChanged(identity, name, value, _end(validity), _touch(identity));
    }

    function _end(uint256 validity) private view returns (uint256) {
        if (validity > MAX_VALIDITY) {
            revert ValidityTooLong(validity, MAX_VALIDITY);
        }
        return block.timestamp + validity;
    }

    /// @return previous block of the identity's event before this one
    function _touch(address identity) private returns (uint256 previous) {
        State storage state = _states[identity];
        previous = state.changed;
        state.changed = uint48(block.number);
    }

    function _first(Checkpoints.Trace208 storage history) private view returns (bool found, uint48 key, uint208 value) {
        if (history.length() != 0) {
            Checkpoints.Checkpoint208 memory checkpoint = history.at(0);
            return (true, checkpoint._key, checkpoint._value);
        }
    }
}
