// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IEvidenceVerifier } from "./interfaces/IEvidenceVerifier.sol";
import { IQuorum } from "./interfaces/IQuorum.sol";
import { Quotes } from "./libraries/Quotes.sol";
import { Statement } from "./libraries/Statement.sol";
import { TypedData } from "./libraries/TypedData.sol";
import { Flags } from "./types/Delta.sol";
import { P256 } from "@openzeppelin/contracts/utils/cryptography/P256.sol";

/// @title Intel quotes, checked on chain
/// @notice A platform's attestation key is registered once, after the quorum appraised its certificate chain and
/// firmware level; each publish then brings a quote that this key signed over the delta's statement.
/// @dev The attestation key is the platform's, not the enclave's: any enclave on that machine, a debug one too, gets
/// quotes from it. So type, measurement, debug bits and firmware level are checked on every quote.
contract DcapVerifier is IEvidenceVerifier {
    struct PlatformKey {
        /// Last second, at most `MAX_LIFE` after registration.
        uint64 expiry;
        bool revoked;
        /// 0 SGX, 0x81 TDX.
        uint32 teeType;
        /// SGX: the CPUSVN that was appraised. TDX: the least TEE_TCB_SVN, component by component.
        bytes16 tcb;
    }

    error KeyUnknown(bytes32 keyHash);
    error KeyExpired(bytes32 keyHash, uint256 expiry, uint256 timestamp);
    error KeyRevoked(bytes32 keyHash);
    error TeeTypeMismatch(uint32 given, uint32 expected);
    error TcbMismatch(bytes16 given, bytes16 registered);
    error MeasurementNotAllowed(bytes32 measurementHash);
    error ReportDataMismatch(bytes32 given, bytes32 statement);
    error BadQuoteSignature(bytes32 keyHash);
    error AppraisalExpired(uint256 expiry, uint256 timestamp);
    error NotOwner(address actor, address owner);
    error NotAllowed(address actor);
    error ZeroAddress();

    event KeyRegistered(bytes32 indexed keyHash, uint32 teeType, bytes16 tcb, uint64 expiry);
    event KeyEnded(bytes32 indexed keyHash, address indexed by);
    event MeasurementAllowed(bytes32 indexed measurementHash, bool allowed);

    uint256 public constant MAX_LIFE = 7 days;

    bytes32 private constant NAME_HASH = keccak256("DcapVerifier");
    bytes32 private constant KEY_TYPEHASH =
        keccak256("PlatformKey(bytes32 keyHash,uint32 teeType,bytes16 tcb,bytes32 evidenceHash,uint64 expiry)");

    /// Signs registrations; its operators may revoke.
    IQuorum public immutable QUORUM;
    /// Keeps the allow-list of measurements.
    address public immutable OWNER;

    mapping(bytes32 keyHash => PlatformKey) public keys;
    mapping(bytes32 measurementHash => bool) public measurementAllowed;

    constructor(address owner, address quorum) {
        if (owner == address(0) || quorum == address(0)) {
            revert ZeroAddress();
        }
        OWNER = owner;
        QUORUM = IQuorum(quorum);
    }

    /// @inheritdoc IEvidenceVerifier
    /// @dev evidence = abi.encode(Statement.Binding, quote); report data = statement ‖ 32 zero bytes
    function verify(bytes32 deltaId, bytes calldata evidence) external view returns (uint8 flag) {
        (Statement.Binding memory binding, bytes memory quote) = abi.decode(evidence, (Statement.Binding, bytes));
        Quotes.Quote memory q = Quotes.parse(quote);
        PlatformKey storage entry = keys[q.keyHash];
        if (entry.expiry == 0) {
            revert KeyUnknown(q.keyHash);
        }
        if (entry.revoked) {
            revert KeyRevoked(q.keyHash);
        }
        if (block.timestamp > entry.expiry) {
            revert KeyExpired(q.keyHash, entry.expiry, block.timestamp);
        }
        if (q.teeType != entry.teeType) {
            revert TeeTypeMismatch(q.teeType, entry.teeType);
        }
        bool level = q.teeType == Quotes.TDX ? Quotes.atLeast(q.tcb, entry.tcb) : q.tcb == entry.tcb;
        if (!level) {
            revert TcbMismatch(q.tcb, entry.tcb);
        }
        Quotes.requirePolicy(q);
        if (!measurementAllowed[q.measurementHash]) {
            revert MeasurementNotAllowed(q.measurementHash);
        }
        bytes32 statement = Statement.hash(msg.sender, deltaId, binding);
        if (q.reportData != statement || q.reportDataTail != 0) {
            revert ReportDataMismatch(q.reportData, statement);
        }
        if (!_signed(q)) {
            revert BadQuoteSignature(q.keyHash);
        }
        return Flags.TEE;
    }

    /// @notice Registers a platform's attestation key.
    /// @param keyHash keccak256 of the 64-byte attestation key
    /// @param evidenceHash hash of what the quorum appraised
    /// @param signatures `PlatformKey(...)` signed by the quorum
    function registerKey(
        bytes32 keyHash,
        uint32 teeType,
        bytes16 tcb,
        bytes32 evidenceHash,
        uint64 expiry,
        bytes calldata signatures
    ) external {
        if (block.timestamp >= expiry) {
            revert AppraisalExpired(expiry, block.timestamp);
        }
        if (teeType != Quotes.SGX && teeType != Quotes.TDX) {
            revert TeeTypeMismatch(teeType, Quotes.TDX);
        }
        if (keys[keyHash].revoked) {
            revert KeyRevoked(keyHash);
        }
        bytes32 structHash = keccak256(abi.encode(KEY_TYPEHASH, keyHash, teeType, tcb, evidenceHash, expiry));
        QUORUM.requireQuorum(TypedData.digest(TypedData.domain(NAME_HASH), structHash), signatures);
        uint64 life = expiry < block.timestamp + MAX_LIFE ? expiry : uint64(block.timestamp + MAX_LIFE);
        keys[keyHash] = PlatformKey({ expiry: life, revoked: false, teeType: teeType, tcb: tcb });
        emit KeyRegistered(keyHash, teeType, tcb, life);
    }

    /// @notice Ends a key for good: the owner or any operator of the quorum.
    function revokeKey(bytes32 keyHash) external {
        bool allowed = msg.sender == OWNER;
        address[] memory operators = QUORUM.operators();
        for (uint256 i; i < operators.length && !allowed; ++i) {
            allowed = operators[i] == msg.sender;
        }
        if (!allowed) {
            revert NotAllowed(msg.sender);
        }
        keys[keyHash].revoked = true;
        emit KeyEnded(keyHash, msg.sender);
    }

    function allowMeasurement(bytes32 measurementHash, bool allowed) external {
        if (msg.sender != OWNER) {
            revert NotOwner(msg.sender, OWNER);
        }
        measurementAllowed[measurementHash] = allowed;
        emit MeasurementAllowed(measurementHash, allowed);
    }

    /// @notice What a quote says and whether the key inside it signed it: says nothing about whose key that is.
    function inspect(bytes calldata quote) external view returns (Quotes.Quote memory parsed, bool signatureValid) {
        parsed = Quotes.parse(quote);
        signatureValid = _signed(parsed);
    }

    function domainSeparator() external view returns (bytes32) {
        return TypedData.domain(NAME_HASH);
    }

    /// @dev Quotes come with high s as well; the library wants the low one of the two that are equally valid.
    function _signed(Quotes.Quote memory q) private view returns (bool) {
        uint256 s = uint256(q.s);
        if (s > P256.N / 2 && s < P256.N) {
            s = P256.N - s;
        }
        return P256.verify(q.digest, q.r, bytes32(s), q.x, q.y);
    }
}
