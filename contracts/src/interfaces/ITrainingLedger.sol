// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Training ledger (LP-102)
/// @notice Anchors the roots of training records. Records are hashes of sealed records: deleting a user's data shreds
/// keys off chain, the hashes stay.
interface ITrainingLedger {
    error ForkExists(bytes32 forkId);
    error UnknownFork(bytes32 forkId);
    error NotAuthorized(address identity, address actor);
    error EpochOutOfOrder(bytes32 forkId, uint256 given, uint256 expected);
    error OpOutOfOrder(bytes32 forkId, uint256 given, uint256 expected);
    error EmptyEpoch(uint256 firstOpId, uint256 lastOpId);
    error ZeroRoot();

    event ModelForked(bytes32 indexed forkId, address indexed identity, bytes32 indexed baseHash, uint256 nonce);
    event TrainingRecorded(
        bytes32 indexed forkId,
        address indexed identity,
        uint256 indexed epoch,
        bytes32 root,
        uint256 firstOpId,
        uint256 lastOpId
    );
    event ModelExported(bytes32 indexed forkId, address indexed identity, bytes32 manifestDigest);

    /// @notice forkId = H(E(T("fork"), identity, baseHash, nonce)). Controller or `bitdelta.publish` delegate only.
    function forkModel(address identity, bytes32 baseHash, uint256 nonce) external returns (bytes32 forkId);

    /// @notice Anchors the next epoch: operations follow on without a gap, and nothing is ever overwritten.
    /// @param root tree of the epoch's record leaves, operation `firstOpId + i` at index i
    function recordTraining(bytes32 forkId, uint256 epoch, bytes32 root, uint256 firstOpId, uint256 lastOpId) external;

    function exportModel(bytes32 forkId, bytes32 manifestDigest) external;

    /// @notice Claims the fork's identity's royalties: `IBitDeltaRoyalties.claimMany`. There is one pot of money.
    function claimTrainingRewards(
        bytes32 forkId,
        address token,
        bytes32[] calldata soupIds,
        uint256[] calldata places,
        bytes32[] calldata proofs
    ) external returns (uint256 amount);

    /// @return identity owner of the fork, zero if unknown
    /// @return epochs anchored so far; the next one has this number
    /// @return nextOpId first operation of the next epoch
    function fork(bytes32 forkId) external view returns (address identity, uint32 epochs, uint64 nextOpId);

    /// @notice H(E(root, firstOpId, lastOpId)) of an epoch, zero if it is not anchored.
    function anchor(bytes32 forkId, uint256 epoch) external view returns (bytes32);

    /// @notice Whether a record lies under an anchored root.
    function verifyRecord(
        bytes32 forkId,
        uint256 epoch,
        bytes32 root,
        uint256 firstOpId,
        uint256 lastOpId,
        uint256 opId,
        bytes32 sealedRecordHash,
        bytes32 previousLeaf,
        bytes32[] calldata proof
    ) external view returns (bool);

    function forkIdOf(address identity, bytes32 baseHash, uint256 nonce) external pure returns (bytes32);
}
