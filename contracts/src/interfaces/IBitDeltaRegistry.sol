// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Delta, Record } from "../types/Delta.sol";

/// @title The registry of deltas
/// @notice One slot per delta; the id proves every field. A delta is published once, and a revoked id never returns.
interface IBitDeltaRegistry {
    error AlreadyPublished(bytes32 deltaId, uint256 publishedAt, uint256 revokedAt);
    error NotPublished(bytes32 deltaId);
    error AlreadyRevoked(bytes32 deltaId, uint256 revokedAt);
    error NotAuthorized(address identity, address actor);
    error IdentityDeactivated(address identity);
    error StaleHead(address identity, bytes32 baseHash, bytes32 given, bytes32 current);
    error FlagsNotAllowed(uint8 given, uint8 allowed);
    error EpsilonWithoutClaim(uint24 epsilonMilli);
    error BudgetExceeded(address identity, uint256 spentMilli, uint256 epsilonMilli, uint256 capMilli);
    error CapNotLower(address identity, uint256 current, uint256 given);
    error InvalidSignature(address identity, address controller, address recovered);
    error SignatureExpired(uint256 deadline, uint256 timestamp);
    error VerifierNotTrusted(address verifier);
    error EvidenceFlagNotAllowed(address verifier, uint8 given, uint8 allowed);
    error EvidenceAlreadyRecorded(bytes32 deltaId, uint8 flag);
    error EvidenceWithoutVerifier();
    error LengthMismatch(uint256 expected, uint256 given);
    error ZeroField(bytes32 field);
    error Paused(uint256 until);
    error PauseTooSoon(uint256 notBefore);
    error NotOwner(address actor, address owner);
    error NotGuardian(address actor, address guardian);

    event DeltaPublished(
        bytes32 indexed deltaId,
        address indexed identity,
        bytes32 indexed baseHash,
        bytes32 deltaRoot,
        bytes32 manifestDigest,
        bytes32 receiptHash,
        bytes32 prev,
        uint24 epsilonMilli,
        uint8 flags,
        bytes32 evidenceDigest
    );
    event DeltaRevoked(bytes32 indexed deltaId, address indexed identity);
    event EvidenceRecorded(bytes32 indexed deltaId, address indexed verifier, uint8 flag, bytes32 evidenceDigest);
    event BaseClaimed(bytes32 indexed baseHash, address indexed registrant, string name, string licence);
    event CapLowered(address indexed identity, uint256 capMilli);
    event VerifierTrusted(address indexed verifier, uint8 flags);
    event WritesPaused(address indexed guardian, uint256 until);
    event GuardianChanged(address indexed guardian);
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    /// @notice Publishes a delta for an identity that the sender controls or is a live `bitdelta.publish` delegate of.
    /// @param prev current head of (identity, base), zero if there is none
    /// @param evidenceDigest SHA-256 of the evidence bundle, zero if there is none; not part of the id
    /// @param verifier a trusted `IEvidenceVerifier`, or zero to publish without evidence
    /// @param evidence what the verifier reads; empty without a verifier
    function publish(
        Delta calldata delta,
        bytes32 prev,
        bytes32 evidenceDigest,
        address verifier,
        bytes calldata evidence
    ) external returns (bytes32 deltaId);

    /// @notice As `publish`, for anybody who brings `Publish(bytes32 deltaId,bytes32 prev,uint256 deadline)` signed by
    /// the controller (ECDSA or ERC-1271) or a live delegate. Evidence is not covered by the signature: whoever relays
    /// may leave it out, so `recordEvidence` can add it later.
    function publishBySig(
        Delta calldata delta,
        bytes32 prev,
        bytes32 evidenceDigest,
        address verifier,
        bytes calldata evidence,
        uint256 deadline,
        bytes calldata signature
    ) external returns (bytes32 deltaId);

    /// @notice Publishes several deltas without on-chain evidence, all or none.
    function publishMany(Delta[] calldata deltas, bytes32[] calldata prevs, bytes32[] calldata evidenceDigests)
        external
        returns (bytes32[] memory deltaIds);

    /// @notice Adds verified evidence to a published delta. Anybody may: the evidence binds the id.
    function recordEvidence(bytes32 deltaId, bytes32 evidenceDigest, address verifier, bytes calldata evidence) external;

    function revoke(bytes32 deltaId) external;

    /// @notice `Revoke(bytes32 deltaId,uint256 deadline)` signed by the controller or a live delegate.
    function revokeBySig(bytes32 deltaId, uint256 deadline, bytes calldata signature) external;

    /// @notice Says "this hash is that model, under this licence". A claim of the sender's, no more: nobody owns a name.
    function claimBase(bytes32 baseHash, string calldata name, string calldata licence) external;

    /// @notice Lowers the identity's privacy cap (thousandths of epsilon, composed over all its deltas). Controller only.
    function lowerCap(address identity, uint64 capMilli) external;

    /// @notice The hash that names a delta (FORMATS section 6).
    function deltaIdOf(Delta calldata delta) external pure returns (bytes32);

    function record(bytes32 deltaId) external view returns (Record memory);

    function records(bytes32[] calldata deltaIds) external view returns (Record[] memory);

    /// @notice Last delta published for (identity, base); stays when it is revoked.
    function head(address identity, bytes32 baseHash) external view returns (bytes32);

    function heads(address[] calldata identities, bytes32[] calldata baseHashes)
        external
        view
        returns (bytes32[] memory);

    /// @return spentMilli sum over all published deltas with a claim, never refunded
    /// @return capMilli `type(uint64).max` while no cap was set
    function budget(address identity) external view returns (uint64 spentMilli, uint64 capMilli);

    /// @notice Evidence flags that a verifier may set; zero if it is not trusted.
    function trusted(address verifier) external view returns (uint8);

    /// @notice Writes are refused until then; in the past when they are not.
    function pausedUntil() external view returns (uint256);

    /// @notice Stops publishing for `PAUSE` seconds. Ends by itself and cannot be renewed without a gap as long.
    function pause() external;

    function unpause() external;

    /// @notice Sets the evidence flags that a verifier may set; zero ends the trust. Owner (timelock) only.
    function trust(address verifier, uint8 flags) external;

    function setGuardian(address guardian) external;

    function transferOwnership(address newOwner) external;

    function owner() external view returns (address);

    function guardian() external view returns (address);

    function identities() external view returns (address);

    function domainSeparator() external view returns (bytes32);
}
