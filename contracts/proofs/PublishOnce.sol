// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Claim: an id is published at most once and a revocation is never undone. The three functions repeat the lines
/// of `BitDeltaRegistry` that read and write `publishedAt` and `revokedAt`; nothing else there touches them.
contract PublishOnce {
    struct Record {
        uint40 publishedAt;
        uint40 revokedAt;
    }

    mapping(bytes32 deltaId => Record) private records;
    bytes32 private immutable WATCHED;
    uint256 private published;
    bool private revoked;

    constructor(bytes32 watched) {
        WATCHED = watched;
    }

    function publish(bytes32 deltaId, uint40 timestamp) external {
        require(timestamp != 0);
        require(records[deltaId].publishedAt == 0);
        records[deltaId] = Record(timestamp, 0);
        if (deltaId == WATCHED) {
            ++published;
            assert(published == 1);
            assert(!revoked);
        }
    }

    function revoke(bytes32 deltaId, uint40 timestamp) external {
        require(timestamp != 0);
        require(records[deltaId].publishedAt != 0);
        require(records[deltaId].revokedAt == 0);
        records[deltaId].revokedAt = timestamp;
        if (deltaId == WATCHED) {
            assert(!revoked);
            revoked = true;
        }
    }
}
