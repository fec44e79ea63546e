// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice All that a soup claims. The chain stores only its hash (`soupId`); every later call brings the header along.
struct Header {
    /// `weightsHash` of the base that all members share.
    bytes32 baseHash;
    /// Layout that all members share.
    bytes32 layoutHash;
    /// Tree of member leaves, ids strictly ascending.
    bytes32 membersRoot;
    /// Tree of the voted signs (identity 0, salt 0).
    bytes32 signsRoot;
    /// Tree of the abstain plane; zero under rule 1.
    bytes32 abstainRoot;
    /// Tree of the voted scales.
    bytes32 scalesRoot;
    /// Tree of weight leaves: who is paid which interval of [0, 1e9).
    bytes32 weightsRoot;
    /// SHA-256 of the soup's manifest.
    bytes32 manifestDigest;
    /// Number of members.
    uint32 members;
    /// Members that may lie without changing a sign that is emitted (rule 2); zero under rule 1.
    uint32 byzantine;
    /// Number of weight leaves.
    uint32 payees;
    /// Sign leaves (1024-byte chunks) of the result.
    uint32 nSigns;
    /// Scale leaves of the result.
    uint32 nScales;
    /// The largest epsilon, in thousandths, that a member may have.
    uint24 epsilonCapMilli;
    /// `Rules.MAJORITY` or `Rules.CERTIFIED`.
    uint8 rule;
    /// `Rules.UNIFORM` or `Rules.ATTESTED`.
    uint8 weightsRule;
    /// Flags that every member must have; `Flags.PUBLIC` is required in any case.
    uint8 requiredFlags;
    /// Block time as of which members qualify.
    uint40 snapshot;
}

/// @notice Numbers that a header names. An unknown one is refused.
library Rules {
    /// sign = c >= ceil(n / 2).
    uint8 internal constant MAJORITY = 1;
    /// Majority that emits 0 where `byzantine` liars could have turned it.
    uint8 internal constant CERTIFIED = 2;

    /// Member i is paid [floor(i * 1e9 / n), floor((i + 1) * 1e9 / n)).
    uint8 internal constant UNIFORM = 1;
    /// The weights are signed by the quorum.
    uint8 internal constant ATTESTED = 2;
}

/// @notice One entry of the weights tree.
struct Weight {
    /// `Payee.IDENTITY` or `Payee.SOUP`.
    uint256 kind;
    /// An address or a soupId.
    bytes32 who;
    /// First billionth.
    uint256 start;
    /// Past the last billionth.
    uint256 end;
}

library Payee {
    uint256 internal constant IDENTITY = 0;
    uint256 internal constant SOUP = 1;
}

enum SoupStatus {
    Unknown,
    Proposed,
    Final,
    Slashed
}

/// @notice What the chain keeps of a soup: one slot.
struct Soup {
    address proposer;
    /// From then on no new case may be opened.
    uint40 closesAt;
    /// `closesAt` can be moved by cases, but never past this moment.
    uint40 hardClose;
    SoupStatus status;
    /// Cases that are not settled yet; a soup with any cannot be final.
    uint8 openCases;
}

enum CaseKind {
    None,
    /// Recount one word: `challenge` / `answer`, then `rebut`.
    Vote,
    /// Show that the answered word of a member is what the member committed: `demandWord` / `showWord`.
    Word,
    /// Show a member, its consent and its payee: `openMember` / `showMember`.
    Member,
    /// Show two touching weight leaves: `openWeight` / `showWeight`.
    Weight,
    /// Show up to 32 descendants of a node: `open` / `show`.
    Node
}

enum CaseStatus {
    None,
    /// The proposer must answer before the deadline.
    Demanded,
    /// A vote was answered; until the deadline it can be rebutted.
    Answered,
    /// Settled for the proposer.
    Held,
    /// The challenger was paid.
    Won
}

/// @notice A demand on the proposer of a soup.
struct Case {
    bytes32 soupId;
    address challenger;
    uint40 deadline;
    CaseKind kind;
    CaseStatus status;
    /// Chunk (Vote), member (Word, Member), weight (Weight) or node index (Node).
    uint32 index;
    /// Word in the chunk (Vote) or level of the node (Node).
    uint8 position;
    /// In wei.
    uint96 bond;
    /// What the answer cost, in wei: the proposer's if the answer stands (Vote).
    uint96 owed;
    /// Tree: `Trees.*` (Vote, Node).
    uint8 tree;
    /// The Vote case that a Word case belongs to.
    uint48 parent;
    /// Root of the answered words (Vote) or the hash of the node (Node).
    bytes32 subject;
}

library Trees {
    uint8 internal constant SIGNS = 0;
    uint8 internal constant SCALES = 1;
    uint8 internal constant ABSTAIN = 2;
    uint8 internal constant MEMBERS = 3;
    uint8 internal constant WEIGHTS = 4;
}
