// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Delta, Roots } from "../types/Delta.sol";
import { Case, Header, Soup, SoupStatus, Weight } from "../types/Soup.sol";

/// @title Soups that can be challenged
/// @notice A soup is a vote per coordinate over 1-bit deltas. Whoever proposes one stands behind it with a bond; within
/// the window anybody may demand any part of it, and the chain recounts. The burden is always the proposer's.
interface IDeltaSoups {
    error UnknownSoup(bytes32 soupId);
    error SoupExists(bytes32 soupId);
    error HeaderMismatch(bytes32 soupId, bytes32 computed);
    error WrongBond(uint256 given, uint256 required);
    error NotProposed(bytes32 soupId, SoupStatus status);
    error NotSlashed(bytes32 soupId, SoupStatus status);
    error WindowOpen(bytes32 soupId, uint256 closesAt);
    error WindowClosed(bytes32 soupId, uint256 closesAt);
    error CasesOpen(bytes32 soupId, uint256 open);
    error TooManyCases(bytes32 soupId, uint256 max);
    error UnknownCase(uint256 caseId);
    error WrongCase(uint256 caseId, uint8 kind, uint8 status);
    error DeadlinePassed(uint256 caseId, uint256 deadline);
    error DeadlineNotPassed(uint256 caseId, uint256 deadline);
    error IndexOutOfRange(uint256 index, uint256 count);
    error ProofInvalid(uint8 tree, uint256 index);
    error WrongLength(uint256 given, uint256 expected);
    error WordMismatch(uint256 committed, uint256 claimed);
    error NodeMismatch(bytes32 computed, bytes32 expected);
    error NoFraud(bytes32 soupId);
    error MemberNotQualified(bytes32 deltaId, bytes32 reason);
    error ConsentMissing(bytes32 deltaId, bytes32 termsHash);
    error ConsentUnknown(bytes32 deltaId, bytes32 termsHash);
    error WeightsInvalid(uint256 index, bytes32 reason);
    error DeltaMismatch(bytes32 deltaId, bytes32 computed);
    error RootsMismatch(bytes32 deltaRoot, bytes32 computed);
    error NotController(address identity, address actor, address controller);
    error SignatureExpired(uint256 deadline, uint256 timestamp);
    error NothingToWithdraw(address account);
    error ZeroAddress();
    error ZeroSetting(uint256 window, uint256 response, uint256 bond);
    error SendFailed(address to, uint256 amount);

    event Proposed(
        bytes32 indexed soupId,
        address indexed proposer,
        bytes32 indexed baseHash,
        Header header,
        uint40 closesAt,
        uint128 bond
    );
    event Finalized(bytes32 indexed soupId, bytes32 weightsRoot);
    event ConsentGiven(bytes32 indexed deltaId, bytes32 indexed termsHash, address indexed identity, uint256 deadline);
    event ConsentWithdrawn(bytes32 indexed deltaId, bytes32 indexed termsHash, address indexed identity);
    event Demanded(
        bytes32 indexed soupId,
        uint256 indexed caseId,
        address indexed challenger,
        uint8 kind,
        uint8 tree,
        uint256 index,
        uint256 position,
        uint256 deadline,
        uint256 bond
    );
    event Answered(bytes32 indexed soupId, uint256 indexed caseId, bytes32 wordsRoot, uint256 rebutUntil);
    event Held(bytes32 indexed soupId, uint256 indexed caseId, uint256 toProposer, uint256 burnt);
    event Slashed(
        bytes32 indexed soupId, address indexed challenger, bytes32 reason, uint256 toChallenger, uint256 burnt
    );
    event Refunded(bytes32 indexed soupId, uint256 indexed caseId, address indexed challenger, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);

    // ---- proposing

    /// @notice Proposes a soup; `msg.value` is exactly `BOND`.
    /// @param quorumSignatures for attested weights `Weights(bytes32 membersRoot,bytes32 weightsRoot,bytes32 termsHash)`
    /// signed by the quorum; empty for uniform weights
    function propose(Header calldata header, bytes calldata quorumSignatures) external payable returns (bytes32 soupId);

    /// @notice After the window and without open cases: the weights become final and the bond goes back.
    function finalize(bytes32 soupId, Header calldata header) external;

    // ---- consent

    /// @notice Puts a consent on chain. Contract controllers (ERC-1271) must: their signatures can change their mind,
    /// so `showMember` accepts an off-chain consent from a key only.
    /// @param signature `SoupConsent(bytes32 deltaId,bytes32 termsHash,uint256 deadline)`; empty if the controller sends
    function giveConsent(bytes32 deltaId, bytes32 termsHash, uint256 deadline, bytes calldata signature) external;

    /// @notice Ends a consent for all soups whose snapshot lies later. Controller only, for good.
    function withdrawConsent(bytes32 deltaId, bytes32 termsHash) external;

    // ---- demands: each carries a bond of at least `demandBond(kind, members)`

    /// @notice Demands a recount of one word of the result.
    /// @param tree `Trees.SIGNS` (with the abstain plane under rule 2) or `Trees.SCALES`
    function challenge(bytes32 soupId, Header calldata header, uint8 tree, uint32 chunk, uint8 word)
        external
        payable
        returns (uint256 caseId);

    /// @notice The proposer's words of all members, the result chunk and its proof: the contract recounts.
    /// @param abstain the abstain chunk and its proof (rule 2, signs), else empty
    function answer(
        uint256 caseId,
        Header calldata header,
        uint256[] calldata words,
        bytes calldata result,
        bytes32[] calldata resultProof,
        bytes calldata abstain,
        bytes32[] calldata abstainProof
    ) external;

    /// @notice Proves that an answered word is not what the member committed. Slashes.
    function rebut(
        uint256 caseId,
        Header calldata header,
        uint32 member,
        uint256 word,
        bytes32[] calldata wordProof,
        Delta calldata delta,
        bytes32[] calldata memberProof,
        Roots calldata roots,
        bytes calldata chunk,
        bytes32 leafSalt,
        bytes32[] calldata chunkProof
    ) external;

    /// @notice Demands proof that an answered word is the member's, where the challenger cannot get the member's bytes.
    function demandWord(uint256 voteCase, Header calldata header, uint32 member)
        external
        payable
        returns (uint256 caseId);

    function showWord(
        uint256 caseId,
        Header calldata header,
        uint256 word,
        bytes32[] calldata wordProof,
        Delta calldata delta,
        bytes32[] calldata memberProof,
        Roots calldata roots,
        bytes calldata chunk,
        bytes32 leafSalt,
        bytes32[] calldata chunkProof
    ) external;

    /// @notice Demands that a member be shown, with its consent and (uniform weights) its payee.
    function openMember(bytes32 soupId, Header calldata header, uint32 member) external payable returns (uint256 caseId);

    /// @param consentDeadline deadline in the signed consent; not before the snapshot
    /// @param consentSignature 65-byte signature of the identity's controller as of the snapshot; empty if the consent is on chain
    /// @param weightProof proof of the member's weight leaf (uniform weights), else empty
    function showMember(
        uint256 caseId,
        Header calldata header,
        Delta calldata delta,
        bytes32[] calldata memberProof,
        Roots calldata roots,
        uint256 consentDeadline,
        bytes calldata consentSignature,
        bytes32[] calldata weightProof
    ) external;

    /// @notice Demands that weight `index` be shown together with its neighbour `index + 1`.
    function openWeight(bytes32 soupId, Header calldata header, uint32 index) external payable returns (uint256 caseId);

    /// @param right the neighbour; ignored when `index` is the last
    function showWeight(
        uint256 caseId,
        Header calldata header,
        Weight calldata left,
        bytes32[] calldata leftProof,
        Weight calldata right,
        bytes32[] calldata rightProof
    ) external;

    /// @notice Demands the descendants, five levels down, of a node of any of the soup's trees.
    /// @param level 0 for leaves; must be at least 1
    /// @param proof from the node to the root
    function open(
        bytes32 soupId,
        Header calldata header,
        uint8 tree,
        uint8 level,
        uint32 index,
        bytes32 node,
        bytes32[] calldata proof
    ) external payable returns (uint256 caseId);

    /// @param descendants 2^min(level, 5) hashes, left to right
    function show(uint256 caseId, bytes32[] calldata descendants) external;

    // ---- outcomes

    /// @notice The proposer was silent past the deadline: slashes.
    function timeout(uint256 caseId, Header calldata header) external;

    /// @notice Nobody rebutted an answered vote: the challenger's bond is the proposer's, less what is burnt.
    function settle(uint256 caseId) external;

    /// @notice The soup was slashed in another case: this case's challenger gets the bond back.
    function refund(uint256 caseId) external;

    /// @notice A member that did not qualify as of the snapshot: unknown, revoked, private, without a required flag or
    /// with its consent withdrawn.
    function slashUnqualified(
        bytes32 soupId,
        Header calldata header,
        uint32 member,
        bytes32 deltaId,
        bytes32[] calldata memberProof
    ) external;

    /// @notice A member of another base or layout, or over the epsilon cap. `roots` are needed for the layout only.
    function slashTerms(
        bytes32 soupId,
        Header calldata header,
        uint32 member,
        Delta calldata delta,
        bytes32[] calldata memberProof,
        Roots calldata roots
    ) external;

    /// @notice Two neighbouring members whose ids do not ascend: a duplicate.
    function slashOrder(
        bytes32 soupId,
        Header calldata header,
        uint32 member,
        bytes32 leftId,
        bytes32[] calldata leftProof,
        bytes32 rightId,
        bytes32[] calldata rightProof
    ) external;

    /// @notice Two neighbouring weights that do not touch, an empty one, or one that does not start at 0 or end at 1e9.
    function slashWeights(
        bytes32 soupId,
        Header calldata header,
        uint32 index,
        Weight calldata left,
        bytes32[] calldata leftProof,
        Weight calldata right,
        bytes32[] calldata rightProof
    ) external;

    /// @notice Uniform weights whose leaf is not member `index`'s equal share.
    function slashUniform(
        bytes32 soupId,
        Header calldata header,
        uint32 index,
        Weight calldata weight,
        bytes32[] calldata weightProof,
        bytes32 deltaId,
        bytes32[] calldata memberProof
    ) external;

    /// @notice Sends an account what is credited to it.
    function withdraw(address account) external;

    // ---- views

    function soup(bytes32 soupId) external view returns (Soup memory);

    function caseOf(uint256 caseId) external view returns (Case memory);

    function cases() external view returns (uint256);

    function credit(address account) external view returns (uint256);

    /// @return givenAt block time of the on-chain consent, zero if there is none
    /// @return deadline of the on-chain consent
    /// @return withdrawnAt block time of the withdrawal, zero if there is none
    function consent(bytes32 deltaId, bytes32 termsHash)
        external
        view
        returns (uint40 givenAt, uint40 deadline, uint40 withdrawnAt);

    /// @notice Least bond of a demand at the current base fee, in wei.
    /// @param kind a `CaseKind`
    function demandBond(uint8 kind, uint256 members) external view returns (uint256);

    function soupIdOf(address proposer, Header calldata header) external view returns (bytes32);

    function termsHashOf(Header calldata header) external pure returns (bytes32);

    function domainSeparator() external view returns (bytes32);

    /// @notice The contract that holds the royalties; created by this one, so neither can be exchanged.
    function ROYALTIES() external view returns (address);

    /// @notice The contract that checks headers and recounts; created by this one.
    function RULES() external view returns (address);

    function REGISTRY() external view returns (address);

    function IDENTITIES() external view returns (address);

    function QUORUM() external view returns (address);

    function WINDOW() external view returns (uint40);

    function RESPONSE() external view returns (uint40);

    function FINALITY_LAG() external view returns (uint40);

    function BOND() external view returns (uint128);

    function GAS_PRICE_FLOOR() external view returns (uint128);
}
