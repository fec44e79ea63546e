// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBitDeltaRegistry } from "./interfaces/IBitDeltaRegistry.sol";
import { IEvidenceVerifier } from "./interfaces/IEvidenceVerifier.sol";
import { Authority } from "./libraries/Authority.sol";
import { Commitment } from "./libraries/Commitment.sol";
import { TypedData } from "./libraries/TypedData.sol";
import { Delta, Flags, Record } from "./types/Delta.sol";
import { IERC165 } from "@openzeppelin/contracts/interfaces/IERC165.sol";
import { Initializable } from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import { UUPSUpgradeable } from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

/// @title The registry of deltas
/// @notice Behind a UUPS proxy whose owner is a 72-hour timelock: the only contract of the house that can change,
/// because it directs no money.
/// @dev A record is one slot, since `deltaId` proves every other field; a head is another. Both live in one ERC-7201
/// namespace, so an upgrade cannot shift them.
contract BitDeltaRegistry is IBitDeltaRegistry, IERC165, Initializable, UUPSUpgradeable {
    struct Budget {
        uint64 spentMilli;
        uint64 capMilli;
        bool capped;
    }

    /// @custom:storage-location erc7201:bitdelta.registry
    struct Layout {
        mapping(bytes32 deltaId => Record) records;
        mapping(address identity => mapping(bytes32 baseHash => bytes32 deltaId)) heads;
        mapping(address identity => Budget) budgets;
        mapping(address verifier => uint8 flags) trusted;
        address owner;
        uint40 pausedUntil;
        address guardian;
    }

    /// Delegates of this type publish and revoke for an identity; they never rotate it, consent for it or claim.
    bytes32 public constant PUBLISH_DELEGATE = "bitdelta.publish";

    /// Length of a pause, and of the gap after it in which there is no other, in seconds.
    uint256 public constant PAUSE = 7 days;

    bytes32 private constant NAME_HASH = keccak256("BitDeltaRegistry");
    bytes32 private constant PUBLISH_TYPEHASH = keccak256("Publish(bytes32 deltaId,bytes32 prev,uint256 deadline)");
    bytes32 private constant REVOKE_TYPEHASH = keccak256("Revoke(bytes32 deltaId,uint256 deadline)");

    /// keccak256(abi.encode(uint256(keccak256("bitdelta.registry")) - 1)) & ~0xff
    bytes32 private constant LAYOUT = 0x5f02fa4252865b9a6df8ce95f5acc4157f6481c1e0c1c7feabd0613a0efc6000;

    address private immutable _IDENTITIES;

    constructor(address identities_) {
        if (identities_ == address(0)) {
            revert ZeroField("identities");
        }
        _IDENTITIES = identities_;
        _disableInitializers();
    }

    /// @param owner_ the timelock that may upgrade and choose verifiers
    /// @param guardian_ may pause publishing for a week
    function initialize(address owner_, address guardian_) external initializer {
        if (owner_ == address(0)) {
            revert ZeroField("owner");
        }
        Layout storage $ = _layout();
        $.owner = owner_;
        $.guardian = guardian_;
        emit OwnershipTransferred(address(0), owner_);
        emit GuardianChanged(guardian_);
    }

    // ---------------------------------------------------------------- publishing

    /// @inheritdoc IBitDeltaRegistry
    function publish(
        Delta calldata delta,
        bytes32 prev,
        bytes32 evidenceDigest,
        address verifier,
        bytes calldata evidence
    ) external returns (bytes32 deltaId) {
        Layout storage $ = _layout();
        _requireNotPaused($);
        _requireAuthority(delta.identity, msg.sender);
        deltaId = Commitment.deltaId(delta);
        uint8 flag = _appraise($, deltaId, verifier, evidence);
        _publish(delta, deltaId, prev, evidenceDigest, flag);
        if (flag != 0) {
            emit EvidenceRecorded(deltaId, verifier, flag, evidenceDigest);
        }
    }

    /// @inheritdoc IBitDeltaRegistry
    function publishBySig(
        Delta calldata delta,
        bytes32 prev,
        bytes32 evidenceDigest,
        address verifier,
        bytes calldata evidence,
        uint256 deadline,
        bytes calldata signature
    ) external returns (bytes32 deltaId) {
        Layout storage $ = _layout();
        _requireNotPaused($);
        deltaId = Commitment.deltaId(delta);
        _requireSignature(
            delta.identity, deadline, keccak256(abi.encode(PUBLISH_TYPEHASH, deltaId, prev, deadline)), signature
        );
        uint8 flag = _appraise($, deltaId, verifier, evidence);
        _publish(delta, deltaId, prev, evidenceDigest, flag);
        if (flag != 0) {
            emit EvidenceRecorded(deltaId, verifier, flag, evidenceDigest);
        }
    }

    /// @inheritdoc IBitDeltaRegistry
    function publishMany(Delta[] calldata deltas, bytes32[] calldata prevs, bytes32[] calldata evidenceDigests)
        external
        returns (bytes32[] memory deltaIds)
    {
        if (prevs.length != deltas.length || evidenceDigests.length != deltas.length) {
            revert LengthMismatch(deltas.length, prevs.length != deltas.length ? prevs.length : evidenceDigests.length);
        }
        _requireNotPaused(_layout());
        deltaIds = new bytes32[](deltas.length);
        address checked;
        for (uint256 i; i < deltas.length; ++i) {
            address identity = deltas[i].identity;
            if (i == 0 || identity != checked) {
                checked = identity;
                _requireAuthority(identity, msg.sender);
            }
            bytes32 deltaId = Commitment.deltaId(deltas[i]);
            deltaIds[i] = deltaId;
            _publish(deltas[i], deltaId, prevs[i], evidenceDigests[i], 0);
        }
    }

    /// @inheritdoc IBitDeltaRegistry
    function recordEvidence(bytes32 deltaId, bytes32 evidenceDigest, address verifier, bytes calldata evidence)
        external
    {
        Layout storage $ = _layout();
        _requireNotPaused($);
        Record storage entry = $.records[deltaId];
        if (entry.publishedAt == 0) {
            revert NotPublished(deltaId);
        }
        if (entry.revokedAt != 0) {
            revert AlreadyRevoked(deltaId, entry.revokedAt);
        }
        if (verifier == address(0)) {
            revert EvidenceWithoutVerifier();
        }
        uint8 flag = _appraise($, deltaId, verifier, evidence);
        if (entry.flags & flag != 0) {
            revert EvidenceAlreadyRecorded(deltaId, flag);
        }
        entry.flags |= flag;
        emit EvidenceRecorded(deltaId, verifier, flag, evidenceDigest);
    }

    /// @inheritdoc IBitDeltaRegistry
    function revoke(bytes32 deltaId) external {
        (Record storage entry, address identity) = _standing(deltaId);
        _requireAuthority(identity, msg.sender);
        _revoke(deltaId, entry, identity);
    }

    /// @inheritdoc IBitDeltaRegistry
    function revokeBySig(bytes32 deltaId, uint256 deadline, bytes calldata signature) external {
        (Record storage entry, address identity) = _standing(deltaId);
        _requireSignature(identity, deadline, keccak256(abi.encode(REVOKE_TYPEHASH, deltaId, deadline)), signature);
        _revoke(deltaId, entry, identity);
    }

    /// @inheritdoc IBitDeltaRegistry
    function claimBase(bytes32 baseHash, string calldata name, string calldata licence) external {
        if (baseHash == 0) {
            revert ZeroField("baseHash");
        }
        emit BaseClaimed(baseHash, msg.sender, name, licence);
    }

    /// @inheritdoc IBitDeltaRegistry
    function lowerCap(address identity, uint64 capMilli) external {
        address controller = Authority.controllerOf(_IDENTITIES, identity);
        if (controller == address(0)) {
            revert IdentityDeactivated(identity);
        }
        if (controller != msg.sender) {
            revert NotAuthorized(identity, msg.sender);
        }
        Budget storage entry = _layout().budgets[identity];
        if (entry.capped && capMilli >= entry.capMilli) {
            revert CapNotLower(identity, entry.capMilli, capMilli);
        }
        entry.capMilli = capMilli;
        entry.capped = true;
        emit CapLowered(identity, capMilli);
    }

    // ---------------------------------------------------------------- administration

    /// @inheritdoc IBitDeltaRegistry
    function pause() external {
        Layout storage $ = _layout();
        if (msg.sender != $.guardian) {
            revert NotGuardian(msg.sender, $.guardian);
        }
        uint256 last = $.pausedUntil;
        if (last != 0 && block.timestamp < last + PAUSE) {
            revert PauseTooSoon(last + PAUSE);
        }
        $.pausedUntil = uint40(block.timestamp + PAUSE);
        emit WritesPaused(msg.sender, block.timestamp + PAUSE);
    }

    /// @inheritdoc IBitDeltaRegistry
    function unpause() external {
        Layout storage $ = _layout();
        if (msg.sender != $.guardian && msg.sender != $.owner) {
            revert NotGuardian(msg.sender, $.guardian);
        }
        if (block.timestamp < $.pausedUntil) {
            $.pausedUntil = uint40(block.timestamp);
        }
        emit WritesPaused(msg.sender, block.timestamp);
    }

    /// @inheritdoc IBitDeltaRegistry
    function trust(address verifier, uint8 flags) external {
        Layout storage $ = _layout();
        _requireOwner($);
        if (verifier == address(0)) {
            revert ZeroField("verifier");
        }
        if (flags & ~Flags.EVIDENCE != 0) {
            revert FlagsNotAllowed(flags, Flags.EVIDENCE);
        }
        $.trusted[verifier] = flags;
        emit VerifierTrusted(verifier, flags);
    }

    /// @inheritdoc IBitDeltaRegistry
    function setGuardian(address guardian_) external {
        Layout storage $ = _layout();
        _requireOwner($);
        $.guardian = guardian_;
        emit GuardianChanged(guardian_);
    }

    /// @inheritdoc IBitDeltaRegistry
    function transferOwnership(address newOwner) external {
        Layout storage $ = _layout();
        _requireOwner($);
        if (newOwner == address(0)) {
            revert ZeroField("owner");
        }
        emit OwnershipTransferred($.owner, newOwner);
        $.owner = newOwner;
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IBitDeltaRegistry
    function deltaIdOf(Delta calldata delta) external pure returns (bytes32) {
        return Commitment.deltaId(delta);
    }

    /// @inheritdoc IBitDeltaRegistry
    function record(bytes32 deltaId) external view returns (Record memory) {
        return _layout().records[deltaId];
    }

    /// @inheritdoc IBitDeltaRegistry
    function records(bytes32[] calldata deltaIds) external view returns (Record[] memory result) {
        Layout storage $ = _layout();
        result = new Record[](deltaIds.length);
        for (uint256 i; i < deltaIds.length; ++i) {
            result[i] = $.records[deltaIds[i]];
        }
    }

    /// @inheritdoc IBitDeltaRegistry
    function head(address identity, bytes32 baseHash) external view returns (bytes32) {
        return _layout().heads[identity][baseHash];
    }

    /// @inheritdoc IBitDeltaRegistry
    function heads(address[] calldata identityList, bytes32[] calldata baseHashes)
        external
        view
        returns (bytes32[] memory result)
    {
        if (identityList.length != baseHashes.length) {
            revert LengthMismatch(identityList.length, baseHashes.length);
        }
        Layout storage $ = _layout();
        result = new bytes32[](baseHashes.length);
        for (uint256 i; i < baseHashes.length; ++i) {
            result[i] = $.heads[identityList[i]][baseHashes[i]];
        }
    }

    /// @inheritdoc IBitDeltaRegistry
    function budget(address identity) external view returns (uint64 spentMilli, uint64 capMilli) {
        Budget storage entry = _layout().budgets[identity];
        return (entry.spentMilli, entry.capped ? entry.capMilli : type(uint64).max);
    }

    /// @inheritdoc IBitDeltaRegistry
    function trusted(address verifier) external view returns (uint8) {
        return _layout().trusted[verifier];
    }

    /// @inheritdoc IBitDeltaRegistry
    function pausedUntil() external view returns (uint256) {
        return _layout().pausedUntil;
    }

    /// @inheritdoc IBitDeltaRegistry
    function owner() external view returns (address) {
        return _layout().owner;
    }

    /// @inheritdoc IBitDeltaRegistry
    function guardian() external view returns (address) {
        return _layout().guardian;
    }

    /// @inheritdoc IBitDeltaRegistry
    function identities() external view returns (address) {
        return _IDENTITIES;
    }

    /// @inheritdoc IBitDeltaRegistry
    function domainSeparator() external view returns (bytes32) {
        return TypedData.domain(NAME_HASH);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IBitDeltaRegistry).interfaceId || interfaceId == type(IERC165).interfaceId;
    }

    // ---------------------------------------------------------------- internal

    function _publish(Delta calldata delta, bytes32 deltaId, bytes32 prev, bytes32 evidenceDigest, uint8 evidenceFlag)
        private
    {
        Layout storage $ = _layout();
        Record storage entry = $.records[deltaId];
        if (entry.publishedAt != 0) {
            revert AlreadyPublished(deltaId, entry.publishedAt, entry.revokedAt);
        }
        uint8 flags = delta.flags;
        if (flags & ~Flags.CALLER != 0) {
            revert FlagsNotAllowed(flags, Flags.CALLER);
        }
        if (delta.deltaRoot == 0 || delta.baseHash == 0 || delta.manifestDigest == 0) {
            revert ZeroField(delta.deltaRoot == 0
                    ? bytes32("deltaRoot")
                    : delta.baseHash == 0 ? bytes32("baseHash") : bytes32("manifestDigest"));
        }
        if (flags & Flags.DP != 0) {
            _spend($, delta.identity, delta.epsilonMilli);
        } else if (delta.epsilonMilli != 0) {
            revert EpsilonWithoutClaim(delta.epsilonMilli);
        }
        mapping(bytes32 baseHash => bytes32 deltaId) storage headOf = $.heads[delta.identity];
        bytes32 current = headOf[delta.baseHash];
        if (current != prev) {
            revert StaleHead(delta.identity, delta.baseHash, prev, current);
        }
        headOf[delta.baseHash] = deltaId;
        entry.identity = delta.identity;
        entry.publishedAt = uint40(block.timestamp);
        entry.flags = flags | evidenceFlag;
        _announce(delta, deltaId, prev, evidenceDigest, flags | evidenceFlag);
    }

    function _announce(Delta calldata delta, bytes32 deltaId, bytes32 prev, bytes32 evidenceDigest, uint8 flags)
        private
    {
        emit DeltaPublished(
            deltaId,
            delta.identity,
            delta.baseHash,
            delta.deltaRoot,
            delta.manifestDigest,
            delta.receiptHash,
            prev,
            delta.epsilonMilli,
            flags,
            evidenceDigest
        );
    }

    /// @dev Basic composition: epsilons of one identity add up, and a revocation gives nothing back.
    function _spend(Layout storage $, address identity, uint24 epsilonMilli) private {
        Budget storage entry = $.budgets[identity];
        uint256 spent = entry.spentMilli;
        uint256 cap = entry.capped ? entry.capMilli : type(uint64).max;
        if (spent + epsilonMilli > cap) {
            revert BudgetExceeded(identity, spent, epsilonMilli, cap);
        }
        entry.spentMilli = uint64(spent + epsilonMilli);
    }

    function _appraise(Layout storage $, bytes32 deltaId, address verifier, bytes calldata evidence)
        private
        returns (uint8 flag)
    {
        if (verifier == address(0)) {
            if (evidence.length != 0) {
                revert EvidenceWithoutVerifier();
            }
            return 0;
        }
        uint8 allowed = $.trusted[verifier];
        if (allowed == 0) {
            revert VerifierNotTrusted(verifier);
        }
        flag = IEvidenceVerifier(verifier).verify(deltaId, evidence);
        if (flag == 0 || flag & ~allowed != 0) {
            revert EvidenceFlagNotAllowed(verifier, flag, allowed);
        }
    }

    /// @dev Record and owner of a delta that is published and not revoked.
    function _standing(bytes32 deltaId) private view returns (Record storage entry, address identity) {
        entry = _layout().records[deltaId];
        if (entry.publishedAt == 0) {
            revert NotPublished(deltaId);
        }
        if (entry.revokedAt != 0) {
            revert AlreadyRevoked(deltaId, entry.revokedAt);
        }
        identity = entry.identity;
    }

    function _revoke(bytes32 deltaId, Record storage entry, address identity) private {
        entry.revokedAt = uint40(block.timestamp);
        emit DeltaRevoked(deltaId, identity);
    }

    function _requireAuthority(address identity, address actor) private view {
        (address controller, bool allowed) = Authority.rightsOf(_IDENTITIES, identity, PUBLISH_DELEGATE, actor);
        if (controller == address(0)) {
            revert IdentityDeactivated(identity);
        }
        if (!allowed) {
            revert NotAuthorized(identity, actor);
        }
    }

    function _requireSignature(address identity, uint256 deadline, bytes32 structHash, bytes calldata signature)
        private
        view
    {
        if (block.timestamp > deadline) {
            revert SignatureExpired(deadline, block.timestamp);
        }
        bytes32 digest = TypedData.digest(TypedData.domain(NAME_HASH), structHash);
        address recovered = TypedData.recover(digest, signature);
        (address controller, bool allowed) = Authority.rightsOf(_IDENTITIES, identity, PUBLISH_DELEGATE, recovered);
        if (controller == address(0)) {
            revert IdentityDeactivated(identity);
        }
        if (recovered != address(0) && allowed) {
            return;
        }
        if (!TypedData.acceptedBy(controller, digest, signature)) {
            revert InvalidSignature(identity, controller, recovered);
        }
    }

    function _requireNotPaused(Layout storage $) private view {
        if (block.timestamp < $.pausedUntil) {
            revert Paused($.pausedUntil);
        }
    }

    function _requireOwner(Layout storage $) private view {
        if (msg.sender != $.owner) {
            revert NotOwner(msg.sender, $.owner);
        }
    }

    function _authorizeUpgrade(address) internal view override {
        _requireOwner(_layout());
    }

    function _layout() private pure returns (Layout storage $) {
        assembly ("memory-safe") {
            $.slot := LAYOUT
        }
    }
}
