// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice One published delta. `deltaId` is the EIP-712 `hashStruct` of these fields (no domain), so every field is
/// provable from the id and none of them needs storage.
struct Delta {
    /// The identity that owns the delta and is paid for it.
    address identity;
    /// `weightsHash` of the base checkpoint.
    bytes32 baseHash;
    /// Commitment to the delta file, bound to identity and salt.
    bytes32 deltaRoot;
    /// SHA-256 of the manifest block: leads a stranger from the id to the bytes.
    bytes32 manifestDigest;
    /// `hashStruct` of the compute receipt, zero if there is none.
    bytes32 receiptHash;
    /// Epsilon of this delta alone in thousandths, rounded up; zero and meaningless without `Flags.DP`.
    uint24 epsilonMilli;
    /// The publisher's flags (`Flags.PUBLIC`, `Flags.DP`); evidence flags are the contract's to set.
    uint8 flags;
}

/// @notice What the registry stores for a delta: one slot.
struct Record {
    /// Owner; zero if the id is unknown.
    address identity;
    /// Block time of publication, in seconds.
    uint40 publishedAt;
    /// Block time of revocation, in seconds; zero while the delta stands.
    uint40 revokedAt;
    /// `Flags.*`, the publisher's and the contract's.
    uint8 flags;
}

/// @notice The part of `deltaRoot` below the identity: its preimage, as FORMATS section 4 orders it.
struct Roots {
    bytes32 layoutHash;
    /// Sign leaves of all planes.
    uint256 nSigns;
    bytes32 signsRoot;
    /// Scale leaves.
    uint256 nScales;
    bytes32 scalesRoot;
    /// Zero for a member of a soup.
    bytes32 abstainRoot;
    /// Binds the delta file's SHA-256.
    bytes32 fileBind;
}

/// @notice Bits of a delta's `flags`.
library Flags {
    /// Anyone may read the delta; the only kind a soup admits.
    uint8 internal constant PUBLIC = 1;
    /// `epsilonMilli` is a differential-privacy claim.
    uint8 internal constant DP = 2;
    /// Evidence of a trusted execution environment was verified on chain.
    uint8 internal constant TEE = 4;
    /// Development evidence was verified on chain; test chains only.
    uint8 internal constant DEVELOPMENT = 8;

    /// What a publisher may set.
    uint8 internal constant CALLER = PUBLIC | DP;
    /// What only a verifier can cause.
    uint8 internal constant EVIDENCE = TEE | DEVELOPMENT;
}
