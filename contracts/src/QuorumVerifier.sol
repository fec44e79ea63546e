// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IEvidenceVerifier } from "./interfaces/IEvidenceVerifier.sol";
import { IQuorum } from "./interfaces/IQuorum.sol";
import { Statement } from "./libraries/Statement.sol";
import { TypedData } from "./libraries/TypedData.sol";
import { Flags } from "./types/Delta.sol";
import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title m-of-n verifiers
/// @notice They appraise evidence off chain (all of it: certificates, revocation, firmware levels) and sign the result
/// once; the enclave's session key then proves each delta with one `ecrecover`. The same operators sign attested weights.
contract QuorumVerifier is IEvidenceVerifier, IQuorum {
    struct SessionKey {
        uint64 expiry;
        bool revoked;
        bytes32 measurementHash;
    }

    error NotOwner(address actor, address owner);
    error ThresholdInvalid(uint256 threshold, uint256 operators);
    error ZeroAddress();
    error TierNotAffirming(uint8 tier);
    error TechnologyRefused(bytes32 technology);
    error MeasurementNotAllowed(bytes32 measurementHash);
    error AppraisalExpired(uint256 expiry, uint256 timestamp);
    error AppraisalUsed(bytes32 evidenceHash);
    error SessionKeyUnknown(address sessionKey);
    error SessionKeyExpired(address sessionKey, uint256 expiry, uint256 timestamp);
    error SessionKeyRevoked(address sessionKey);
    error SessionKeyMismatch(address recovered, bytes32 sessionKeyHash);
    error NotAllowed(address actor);

    event OperatorsChanged(address[] operators, uint256 threshold);
    event MeasurementAllowed(bytes32 indexed measurementHash, bool allowed);
    event SessionKeyRegistered(
        address indexed sessionKey, bytes32 indexed technology, bytes32 indexed measurementHash, uint64 expiry
    );
    event SessionKeyEnded(address indexed sessionKey, address indexed by);
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    /// "affirming" among the tiers of an attestation result (AR4SI); no other one registers a key.
    uint8 public constant AFFIRMING = 2;
    /// A key lives at most this long, in seconds, whatever the appraisal says: revocations must bite.
    uint256 public constant MAX_LIFE = 7 days;

    bytes32 private constant NAME_HASH = keccak256("QuorumVerifier");
    bytes32 private constant APPRAISAL_TYPEHASH = keccak256(
        "Appraisal(address sessionKey,bytes32 technology,bytes32 measurementHash,uint8 tier,bytes32 evidenceHash,uint64 expiry)"
    );

    address public owner;
    /// @inheritdoc IQuorum
    uint256 public threshold;
    address[] private _operators;
    mapping(address signer => bool) public isOperator;
    mapping(address sessionKey => SessionKey) public sessionKeys;
    mapping(bytes32 measurementHash => bool) public measurementAllowed;
    mapping(bytes32 evidenceHash => bool) public appraisalUsed;

    constructor(address owner_, address[] memory operators_, uint256 threshold_) {
        if (owner_ == address(0)) {
            revert ZeroAddress();
        }
        owner = owner_;
        emit OwnershipTransferred(address(0), owner_);
        _setOperators(operators_, threshold_);
    }

    // ---------------------------------------------------------------- evidence

    /// @inheritdoc IEvidenceVerifier
    /// @dev evidence = abi.encode(Statement.Binding, 65-byte signature of the raw statement by the session key)
    function verify(bytes32 deltaId, bytes calldata evidence) external view returns (uint8 flag) {
        (Statement.Binding memory binding, bytes memory signature) = abi.decode(evidence, (Statement.Binding, bytes));
        bytes32 statement = Statement.hash(msg.sender, deltaId, binding);
        (address sessionKey,,) = ECDSA.tryRecover(statement, signature);
        if (sessionKey == address(0) || Statement.keyHash(sessionKey) != binding.sessionKeyHash) {
            revert SessionKeyMismatch(sessionKey, binding.sessionKeyHash);
        }
        SessionKey storage entry = sessionKeys[sessionKey];
        if (entry.expiry == 0) {
            revert SessionKeyUnknown(sessionKey);
        }
        if (entry.revoked) {
            revert SessionKeyRevoked(sessionKey);
        }
        if (block.timestamp > entry.expiry) {
            revert SessionKeyExpired(sessionKey, entry.expiry, block.timestamp);
        }
        if (!measurementAllowed[entry.measurementHash]) {
            revert MeasurementNotAllowed(entry.measurementHash);
        }
        return Flags.TEE;
    }

    /// @notice Registers a session key after one full appraisal, for `min(expiry, MAX_LIFE)`.
    /// @param expiry the earliest end of what the appraisal rests on (collateral, certificates), in seconds
    /// @param signatures `Appraisal(...)` signed by the quorum
    function registerSessionKey(
        address sessionKey,
        bytes32 technology,
        bytes32 measurementHash,
        uint8 tier,
        bytes32 evidenceHash,
        uint64 expiry,
        bytes calldata signatures
    ) external {
        if (sessionKey == address(0)) {
            revert ZeroAddress();
        }
        if (tier != AFFIRMING) {
            revert TierNotAffirming(tier);
        }
        if (technology == keccak256("software") || technology == bytes32("software") || technology == 0) {
            revert TechnologyRefused(technology);
        }
        if (!measurementAllowed[measurementHash]) {
            revert MeasurementNotAllowed(measurementHash);
        }
        if (block.timestamp >= expiry) {
            revert AppraisalExpired(expiry, block.timestamp);
        }
        if (appraisalUsed[evidenceHash]) {
            revert AppraisalUsed(evidenceHash);
        }
        if (sessionKeys[sessionKey].revoked) {
            revert SessionKeyRevoked(sessionKey);
        }
        bytes32 structHash = keccak256(
            abi.encode(APPRAISAL_TYPEHASH, sessionKey, technology, measurementHash, tier, evidenceHash, expiry)
        );
        requireQuorum(TypedData.digest(TypedData.domain(NAME_HASH), structHash), signatures);
        appraisalUsed[evidenceHash] = true;
        uint64 life = expiry < block.timestamp + MAX_LIFE ? expiry : uint64(block.timestamp + MAX_LIFE);
        sessionKeys[sessionKey] = SessionKey({ expiry: life, revoked: false, measurementHash: measurementHash });
        emit SessionKeyRegistered(sessionKey, technology, measurementHash, life);
    }

    /// @notice Ends a session key for good: any operator, the owner, or the key itself.
    function revokeSessionKey(address sessionKey) external {
        if (msg.sender != sessionKey && msg.sender != owner && !isOperator[msg.sender]) {
            revert NotAllowed(msg.sender);
        }
        sessionKeys[sessionKey].revoked = true;
        emit SessionKeyEnded(sessionKey, msg.sender);
    }

    // ---------------------------------------------------------------- administration

    function setOperators(address[] calldata operators_, uint256 threshold_) external {
        _requireOwner();
        for (uint256 i; i < _operators.length; ++i) {
            isOperator[_operators[i]] = false;
        }
        _setOperators(operators_, threshold_);
    }

    function allowMeasurement(bytes32 measurementHash, bool allowed) external {
        _requireOwner();
        measurementAllowed[measurementHash] = allowed;
        emit MeasurementAllowed(measurementHash, allowed);
    }

    function transferOwnership(address newOwner) external {
        _requireOwner();
        if (newOwner == address(0)) {
            revert ZeroAddress();
        }
        emit OwnershipTransferred(owner, newOwner);
        owner = newOwner;
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IQuorum
    function operators() external view returns (address[] memory) {
        return _operators;
    }

    function domainSeparator() external view returns (bytes32) {
        return TypedData.domain(NAME_HASH);
    }

    /// @inheritdoc IQuorum
    function requireQuorum(bytes32 digest, bytes calldata signatures) public view {
        if (signatures.length % 65 != 0) {
            revert SignaturesMalformed(signatures.length);
        }
        uint256 count = signatures.length / 65;
        address previous;
        for (uint256 i; i < count; ++i) {
            address signer = TypedData.recover(digest, signatures[i * 65:i * 65 + 65]);
            if (!isOperator[signer]) {
                revert NotAnOperator(signer);
            }
            // Ascending, so nobody counts twice.
            if (signer <= previous) {
                revert SignersNotAscending(previous, signer);
            }
            previous = signer;
        }
        if (count < threshold) {
            revert QuorumNotReached(count, threshold);
        }
    }

    // ---------------------------------------------------------------- internal

    function _setOperators(address[] memory operators_, uint256 threshold_) private {
        if (threshold_ == 0 || threshold_ > operators_.length) {
            revert ThresholdInvalid(threshold_, operators_.length);
        }
        address previous;
        for (uint256 i; i < operators_.length; ++i) {
            if (operators_[i] <= previous) {
                revert SignersNotAscending(previous, operators_[i]);
            }
            previous = operators_[i];
            isOperator[previous] = true;
        }
        _operators = operators_;
        threshold = threshold_;
        emit OperatorsChanged(operators_, threshold_);
    }

    function _requireOwner() private view {
        if (msg.sender != owner) {
            revert NotOwner(msg.sender, owner);
        }
    }
}
