// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBitDeltaRoyalties } from "./interfaces/IBitDeltaRoyalties.sol";
import { IIdentityRegistry } from "./interfaces/IIdentityRegistry.sol";
import { ITrainingLedger } from "./interfaces/ITrainingLedger.sol";
import { Merkle } from "./libraries/Merkle.sol";
import { Tags } from "./libraries/Tags.sol";

/// @title Training ledger (LP-102)
/// @notice Immutable and append-only. An epoch costs one slot, whatever it holds.
contract TrainingLedger is ITrainingLedger {
    struct Fork {
        address identity;
        uint32 epochs;
        uint64 nextOpId;
    }

    /// The registry's delegates may also train: it is the same node that does both.
    bytes32 private constant PUBLISH_DELEGATE = "bitdelta.publish";

    IIdentityRegistry public immutable IDENTITIES;
    IBitDeltaRoyalties public immutable ROYALTIES;

    /// @inheritdoc ITrainingLedger
    mapping(bytes32 forkId => Fork) public fork;
    /// @inheritdoc ITrainingLedger
    mapping(bytes32 forkId => mapping(uint256 epoch => bytes32)) public anchor;

    constructor(address identities, address royalties) {
        IDENTITIES = IIdentityRegistry(identities);
        ROYALTIES = IBitDeltaRoyalties(royalties);
    }

    /// @inheritdoc ITrainingLedger
    function forkModel(address identity, bytes32 baseHash, uint256 nonce) external returns (bytes32 forkId) {
        _requireAuthority(identity);
        forkId = forkIdOf(identity, baseHash, nonce);
        if (fork[forkId].identity != address(0)) {
            revert ForkExists(forkId);
        }
        fork[forkId].identity = identity;
        emit ModelForked(forkId, identity, baseHash, nonce);
    }

    /// @inheritdoc ITrainingLedger
    function recordTraining(bytes32 forkId, uint256 epoch, bytes32 root, uint256 firstOpId, uint256 lastOpId) external {
        Fork storage entry = _known(forkId);
        address identity = entry.identity;
        _requireAuthority(identity);
        if (root == 0) {
            revert ZeroRoot();
        }
        if (epoch != entry.epochs) {
            revert EpochOutOfOrder(forkId, epoch, entry.epochs);
        }
        if (firstOpId != entry.nextOpId) {
            revert OpOutOfOrder(forkId, firstOpId, entry.nextOpId);
        }
        if (lastOpId < firstOpId || lastOpId >= type(uint64).max) {
            revert EmptyEpoch(firstOpId, lastOpId);
        }
        entry.epochs = uint32(epoch + 1);
        entry.nextOpId = uint64(lastOpId + 1);
        anchor[forkId][epoch] = keccak256(abi.encode(root, firstOpId, lastOpId));
        emit TrainingRecorded(forkId, identity, epoch, root, firstOpId, lastOpId);
    }

    /// @inheritdoc ITrainingLedger
    function exportModel(bytes32 forkId, bytes32 manifestDigest) external {
        address identity = _known(forkId).identity;
        _requireAuthority(identity);
        emit ModelExported(forkId, identity, manifestDigest);
    }

    /// @inheritdoc ITrainingLedger
    function claimTrainingRewards(
        bytes32 forkId,
        address token,
        bytes32[] calldata soupIds,
        uint256[] calldata places,
        bytes32[] calldata proofs
    ) external returns (uint256 amount) {
        return ROYALTIES.claimMany(token, _known(forkId).identity, soupIds, places, proofs);
    }

    /// @inheritdoc ITrainingLedger
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
    ) external view returns (bool) {
        if (anchor[forkId][epoch] != keccak256(abi.encode(root, firstOpId, lastOpId))) {
            return false;
        }
        if (opId < firstOpId || opId > lastOpId) {
            return false;
        }
        bytes32 leaf = keccak256(abi.encode(Tags.RECORD, forkId, opId, sealedRecordHash, previousLeaf));
        return Merkle.verify(root, leaf, opId - firstOpId, lastOpId - firstOpId + 1, proof);
    }

    /// @inheritdoc ITrainingLedger
    function forkIdOf(address identity, bytes32 baseHash, uint256 nonce) public pure returns (bytes32) {
        return keccak256(abi.encode(Tags.FORK, identity, baseHash, nonce));
    }

    function _known(bytes32 forkId) private view returns (Fork storage entry) {
        entry = fork[forkId];
        if (entry.identity == address(0)) {
            revert UnknownFork(forkId);
        }
    }

    function _requireAuthority(address identity) private view {
        (, bool allowed) = IDENTITIES.authority(identity, PUBLISH_DELEGATE, msg.sender);
        if (!allowed) {
            revert NotAuthorized(identity, msg.sender);
        }
    }
}
