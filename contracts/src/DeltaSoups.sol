// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { BitDeltaRoyalties } from "./BitDeltaRoyalties.sol";
import { SoupRules } from "./SoupRules.sol";
import { IBitDeltaRegistry } from "./interfaces/IBitDeltaRegistry.sol";
import { IBitDeltaRoyalties } from "./interfaces/IBitDeltaRoyalties.sol";
import { IDeltaSoups } from "./interfaces/IDeltaSoups.sol";
import { IIdentityRegistry } from "./interfaces/IIdentityRegistry.sol";
import { IQuorum } from "./interfaces/IQuorum.sol";
import { ISoupRules } from "./interfaces/ISoupRules.sol";
import { Commitment } from "./libraries/Commitment.sol";
import { Merkle } from "./libraries/Merkle.sol";
import { TypedData } from "./libraries/TypedData.sol";
import { Delta, Flags, Record, Roots } from "./types/Delta.sol";
import { Case, CaseKind, CaseStatus, Header, Payee, Rules, Soup, SoupStatus, Trees, Weight } from "./types/Soup.sol";

/// @title Soups that can be challenged
/// @notice Holds bonds: immutable, without an owner. Creates the royalties contract, so that neither can be exchanged.
/// @dev A soup costs one slot whatever its size, because its id is the hash of its header and every later call brings
/// the header along.
contract DeltaSoups is IDeltaSoups {
    struct Consent {
        uint40 givenAt;
        uint40 deadline;
        uint40 withdrawnAt;
    }

    /// Cases that may be open at once.
    uint256 public constant MAX_CASES = 8;
    /// Answered cases may keep the window open for at most this many response times.
    uint256 public constant MAX_EXTENSIONS = 8;
    /// Burnt halves go here: nobody has the key.
    address public constant BURNT = 0x000000000000000000000000000000000000dEaD;

    /// Fixed gas of an answer: what a bond covers and what the loser pays, whatever was really used.
    uint256 private constant GAS_VOTE = 150_000;
    uint256 private constant GAS_VOTE_MEMBER = 1350;
    uint256 private constant GAS_WORD = 170_000;
    uint256 private constant GAS_MEMBER = 170_000;
    uint256 private constant GAS_WEIGHT = 120_000;
    uint256 private constant GAS_NODE = 120_000;
    uint256 private constant GAS_REBUT = 170_000;
    uint256 private constant GAS_SLASH = 120_000;

    /// A payment that needs more is credited instead.
    uint256 private constant SEND_GAS = 30_000;

    uint256 private constant WHOLE = 1e9;

    bytes32 private constant NAME_HASH = keccak256("DeltaSoups");
    bytes32 private constant CONSENT_TYPEHASH =
        keccak256("SoupConsent(bytes32 deltaId,bytes32 termsHash,uint256 deadline)");
    bytes32 private constant WEIGHTS_TYPEHASH =
        keccak256("Weights(bytes32 membersRoot,bytes32 weightsRoot,bytes32 termsHash)");

    /// @inheritdoc IDeltaSoups
    address public immutable ROYALTIES;
    /// @inheritdoc IDeltaSoups
    address public immutable RULES;
    /// @inheritdoc IDeltaSoups
    address public immutable REGISTRY;
    /// @inheritdoc IDeltaSoups
    address public immutable IDENTITIES;
    /// @inheritdoc IDeltaSoups
    address public immutable QUORUM;
    /// @inheritdoc IDeltaSoups
    uint40 public immutable WINDOW;
    /// @inheritdoc IDeltaSoups
    uint40 public immutable RESPONSE;
    /// @inheritdoc IDeltaSoups
    uint40 public immutable FINALITY_LAG;
    /// @inheritdoc IDeltaSoups
    uint128 public immutable BOND;
    /// @inheritdoc IDeltaSoups
    uint128 public immutable GAS_PRICE_FLOOR;

    mapping(bytes32 soupId => Soup) private _soups;
    mapping(uint256 caseId => Case) private _cases;
    mapping(bytes32 deltaId => mapping(bytes32 termsHash => Consent)) private _consents;
    /// @inheritdoc IDeltaSoups
    mapping(address account => uint256) public credit;
    /// @inheritdoc IDeltaSoups
    uint256 public cases;

    /// @param registry proxy of the registry of deltas
    /// @param quorum signs attested weights; zero refuses them
    /// @param window seconds in which a soup can be challenged
    /// @param response seconds in which a demand must be answered, and an answer can be rebutted
    /// @param finalityLag least age of a snapshot, in seconds
    /// @param bond of a proposer, in wei
    /// @param gasPriceFloor least gas price that a demand's bond is reckoned with, in wei
    /// @param royaltyToken token of LP-303 payments; zero is the native coin
    /// @param royaltyBps rate that ERC-2981 reports
    /// @param escrowDelay seconds between announcing and making a withdrawal of voucher escrow
    constructor(
        address registry,
        address identities,
        address quorum,
        uint40 window,
        uint40 response,
        uint40 finalityLag,
        uint128 bond,
        uint128 gasPriceFloor,
        address royaltyToken,
        uint16 royaltyBps,
        uint40 escrowDelay
    ) {
        if (registry == address(0) || identities == address(0)) {
            revert ZeroAddress();
        }
        if (window == 0 || response == 0 || bond == 0) {
            revert ZeroSetting(window, response, bond);
        }
        REGISTRY = registry;
        IDENTITIES = identities;
        QUORUM = quorum;
        WINDOW = window;
        RESPONSE = response;
        FINALITY_LAG = finalityLag;
        BOND = bond;
        GAS_PRICE_FLOOR = gasPriceFloor;
        RULES = address(new SoupRules());
        ROYALTIES = address(new BitDeltaRoyalties(identities, royaltyToken, royaltyBps, escrowDelay));
    }

    // ---------------------------------------------------------------- proposing

    /// @inheritdoc IDeltaSoups
    function propose(Header calldata header, bytes calldata quorumSignatures)
        external
        payable
        returns (bytes32 soupId)
    {
        if (msg.value != BOND) {
            revert WrongBond(msg.value, BOND);
        }
        ISoupRules(RULES).requireValid(header, FINALITY_LAG, QUORUM != address(0));
        if (header.weightsRule == Rules.ATTESTED) {
            bytes32 structHash = keccak256(
                abi.encode(WEIGHTS_TYPEHASH, header.membersRoot, header.weightsRoot, Commitment.termsHash(header))
            );
            IQuorum(QUORUM).requireQuorum(TypedData.digest(TypedData.domain(NAME_HASH), structHash), quorumSignatures);
        } else if (quorumSignatures.length != 0) {
            revert WrongLength(quorumSignatures.length, 0);
        }
        soupId = Commitment.soupId(msg.sender, header);
        if (_soups[soupId].status != SoupStatus.Unknown) {
            revert SoupExists(soupId);
        }
        uint40 closesAt = uint40(block.timestamp) + WINDOW;
        _soups[soupId] = Soup({
            proposer: msg.sender,
            closesAt: closesAt,
            hardClose: closesAt + uint40(MAX_EXTENSIONS) * RESPONSE,
            status: SoupStatus.Proposed,
            openCases: 0
        });
        emit Proposed(soupId, msg.sender, header.baseHash, header, closesAt, BOND);
    }

    /// @inheritdoc IDeltaSoups
    function finalize(bytes32 soupId, Header calldata header) external {
        Soup storage entry = _proposed(soupId, header);
        if (block.timestamp < entry.closesAt) {
            revert WindowOpen(soupId, entry.closesAt);
        }
        if (entry.openCases != 0) {
            revert CasesOpen(soupId, entry.openCases);
        }
        entry.status = SoupStatus.Final;
        emit Finalized(soupId, header.weightsRoot);
        IBitDeltaRoyalties(ROYALTIES).openSoup(soupId, header.weightsRoot);
        _sendOrCredit(entry.proposer, BOND);
    }

    // ---------------------------------------------------------------- consent

    /// @inheritdoc IDeltaSoups
    function giveConsent(bytes32 deltaId, bytes32 termsHash, uint256 deadline, bytes calldata signature) external {
        if (block.timestamp > deadline) {
            revert SignatureExpired(deadline, block.timestamp);
        }
        address identity = IBitDeltaRegistry(REGISTRY).record(deltaId).identity;
        address controller = IIdentityRegistry(IDENTITIES).identityOwner(identity);
        if (controller != msg.sender || controller == address(0)) {
            bytes32 digest = _consentDigest(deltaId, termsHash, deadline);
            address recovered = TypedData.recover(digest, signature);
            bool signed = controller != address(0)
                && (recovered == controller || TypedData.acceptedBy(controller, digest, signature));
            if (!signed) {
                revert NotController(identity, recovered == address(0) ? msg.sender : recovered, controller);
            }
        }
        Consent storage entry = _consents[deltaId][termsHash];
        if (entry.withdrawnAt != 0) {
            revert ConsentMissing(deltaId, termsHash);
        }
        // The first consent counts: a later one must not move it behind a snapshot that relies on it.
        if (entry.givenAt == 0) {
            entry.givenAt = uint40(block.timestamp);
        }
        uint40 until = deadline > type(uint40).max ? type(uint40).max : uint40(deadline);
        if (until > entry.deadline) {
            entry.deadline = until;
        }
        emit ConsentGiven(deltaId, termsHash, identity, until);
    }

    /// @inheritdoc IDeltaSoups
    function withdrawConsent(bytes32 deltaId, bytes32 termsHash) external {
        address identity = IBitDeltaRegistry(REGISTRY).record(deltaId).identity;
        address controller = IIdentityRegistry(IDENTITIES).identityOwner(identity);
        if (controller != msg.sender) {
            revert NotController(identity, msg.sender, controller);
        }
        Consent storage entry = _consents[deltaId][termsHash];
        if (entry.withdrawnAt == 0) {
            entry.withdrawnAt = uint40(block.timestamp);
            emit ConsentWithdrawn(deltaId, termsHash, identity);
        }
    }

    // ---------------------------------------------------------------- a vote, recounted

    /// @inheritdoc IDeltaSoups
    function challenge(bytes32 soupId, Header calldata header, uint8 tree, uint32 chunk, uint8 word)
        external
        payable
        returns (uint256 caseId)
    {
        Soup storage entry = _challengeable(soupId, header);
        if (tree > Trees.SCALES) {
            revert IndexOutOfRange(tree, Trees.SCALES + 1);
        }
        _requireIndex(chunk, tree == Trees.SIGNS ? header.nSigns : header.nScales);
        _requireIndex(word, Commitment.CHUNK / 32);
        caseId = _demand(soupId, entry, header.members, CaseKind.Vote, chunk, word, tree, 0, 0);
    }

    /// @inheritdoc IDeltaSoups
    function answer(
        uint256 caseId,
        Header calldata header,
        uint256[] calldata words,
        bytes calldata result,
        bytes32[] calldata resultProof,
        bytes calldata abstain,
        bytes32[] calldata abstainProof
    ) external {
        (Case storage entry, Soup storage owner) = _demanded(caseId, CaseKind.Vote, header);
        if (words.length != header.members) {
            revert WrongLength(words.length, header.members);
        }
        entry.subject = _recount(
            header, entry.tree, entry.index, entry.position, words, result, resultProof, abstain, abstainProof
        );
        entry.status = CaseStatus.Answered;
        entry.deadline = uint40(block.timestamp) + RESPONSE;
        entry.owed = uint96(_reimbursement(_fixedGas(CaseKind.Vote, header.members), entry.bond));
        _extend(owner);
        emit Answered(entry.soupId, caseId, entry.subject, entry.deadline);
    }

    /// @inheritdoc IDeltaSoups
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
    ) external {
        Case storage entry = _answered(caseId);
        bytes32 soupId = entry.soupId;
        Soup storage owner = _proposed(soupId, header);
        _requireProof(
            Trees.MEMBERS, entry.subject, Commitment.wordLeaf(member, word), member, header.members, wordProof
        );
        _requireMember(header, member, delta, memberProof, roots);
        uint256 committed = _committed(entry, delta.identity, roots, chunk, leafSalt, chunkProof);
        if (committed == word) {
            revert NoFraud(soupId);
        }
        _win(caseId, entry);
        _slash(soupId, owner, entry.challenger, GAS_REBUT, "word");
    }

    /// @inheritdoc IDeltaSoups
    function demandWord(uint256 voteCase, Header calldata header, uint32 member)
        external
        payable
        returns (uint256 caseId)
    {
        Case storage parent = _answered(voteCase);
        bytes32 soupId = parent.soupId;
        Soup storage entry = _proposed(soupId, header);
        if (block.timestamp >= uint256(entry.hardClose) + RESPONSE) {
            revert WindowClosed(soupId, uint256(entry.hardClose) + RESPONSE);
        }
        _requireIndex(member, header.members);
        caseId =
            _demand(soupId, entry, header.members, CaseKind.Word, member, parent.position, parent.tree, voteCase, 0);
        // A silent proposer must lose the word before the vote around it can be settled in its favour.
        parent.deadline = uint40(block.timestamp) + 2 * RESPONSE;
    }

    /// @inheritdoc IDeltaSoups
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
    ) external {
        (Case storage entry, Soup storage owner) = _demanded(caseId, CaseKind.Word, header);
        Case storage parent = _cases[entry.parent];
        uint256 member = entry.index;
        _requireProof(
            Trees.MEMBERS, parent.subject, Commitment.wordLeaf(member, word), member, header.members, wordProof
        );
        _requireMember(header, member, delta, memberProof, roots);
        uint256 committed = _committed(parent, delta.identity, roots, chunk, leafSalt, chunkProof);
        if (committed != word) {
            revert WordMismatch(committed, word);
        }
        _hold(caseId, entry, owner, _reimbursement(GAS_WORD, entry.bond));
    }

    // ---------------------------------------------------------------- members, weights, nodes

    /// @inheritdoc IDeltaSoups
    function openMember(bytes32 soupId, Header calldata header, uint32 member)
        external
        payable
        returns (uint256 caseId)
    {
        Soup storage entry = _challengeable(soupId, header);
        _requireIndex(member, header.members);
        caseId = _demand(soupId, entry, header.members, CaseKind.Member, member, 0, Trees.MEMBERS, 0, 0);
    }

    /// @inheritdoc IDeltaSoups
    function showMember(
        uint256 caseId,
        Header calldata header,
        Delta calldata delta,
        bytes32[] calldata memberProof,
        Roots calldata roots,
        uint256 consentDeadline,
        bytes calldata consentSignature,
        bytes32[] calldata weightProof
    ) external {
        (Case storage entry, Soup storage owner) = _demanded(caseId, CaseKind.Member, header);
        uint256 member = entry.index;
        bytes32 deltaId = _requireMember(header, member, delta, memberProof, roots);
        bytes32 reason = _offence(header, delta, roots);
        if (reason == 0) {
            reason = _disqualified(header, deltaId);
        }
        if (reason != 0) {
            revert MemberNotQualified(deltaId, reason);
        }
        _requireConsent(header, deltaId, delta.identity, consentDeadline, consentSignature);
        if (header.weightsRule == Rules.UNIFORM) {
            (uint256 start, uint256 end) = _equalShare(member, header.members);
            bytes32 leaf =
                Commitment.weightLeaf(member, Payee.IDENTITY, bytes32(uint256(uint160(delta.identity))), start, end);
            _requireProof(Trees.WEIGHTS, header.weightsRoot, leaf, member, header.payees, weightProof);
        }
        _hold(caseId, entry, owner, _reimbursement(GAS_MEMBER, entry.bond));
    }

    /// @inheritdoc IDeltaSoups
    function openWeight(bytes32 soupId, Header calldata header, uint32 index)
        external
        payable
        returns (uint256 caseId)
    {
        Soup storage entry = _challengeable(soupId, header);
        _requireIndex(index, header.payees);
        caseId = _demand(soupId, entry, header.members, CaseKind.Weight, index, 0, Trees.WEIGHTS, 0, 0);
    }

    /// @inheritdoc IDeltaSoups
    function showWeight(
        uint256 caseId,
        Header calldata header,
        Weight calldata left,
        bytes32[] calldata leftProof,
        Weight calldata right,
        bytes32[] calldata rightProof
    ) external {
        (Case storage entry, Soup storage owner) = _demanded(caseId, CaseKind.Weight, header);
        uint256 index = entry.index;
        bytes32 reason = _gap(header, index, left, leftProof, right, rightProof);
        if (reason != 0) {
            revert WeightsInvalid(index, reason);
        }
        _hold(caseId, entry, owner, _reimbursement(GAS_WEIGHT, entry.bond));
    }

    /// @inheritdoc IDeltaSoups
    function open(
        bytes32 soupId,
        Header calldata header,
        uint8 tree,
        uint8 level,
        uint32 index,
        bytes32 node,
        bytes32[] calldata proof
    ) external payable returns (uint256 caseId) {
        Soup storage entry = _challengeable(soupId, header);
        (bytes32 root, uint256 count) = _tree(header, tree);
        uint256 depth = Merkle.depth(count);
        if (level == 0 || level > depth) {
            revert IndexOutOfRange(level, depth + 1);
        }
        _requireIndex(index, 1 << (depth - level));
        if (proof.length != depth - level || Merkle.climb(node, index, proof) != root) {
            revert ProofInvalid(tree, index);
        }
        caseId = _demand(soupId, entry, header.members, CaseKind.Node, index, level, tree, 0, node);
    }

    /// @inheritdoc IDeltaSoups
    function show(uint256 caseId, bytes32[] calldata descendants) external {
        Case storage entry = _demandedOf(caseId, CaseKind.Node);
        uint256 down = entry.position < 5 ? entry.position : 5;
        if (descendants.length != 1 << down) {
            revert WrongLength(descendants.length, 1 << down);
        }
        bytes32[] memory level = descendants;
        bytes32 computed = Merkle.rootInPlace(level);
        if (computed != entry.subject) {
            revert NodeMismatch(computed, entry.subject);
        }
        Soup storage owner = _soups[entry.soupId];
        if (owner.status != SoupStatus.Proposed) {
            revert NotProposed(entry.soupId, owner.status);
        }
        _hold(caseId, entry, owner, _reimbursement(GAS_NODE, entry.bond));
    }

    // ---------------------------------------------------------------- outcomes of cases

    /// @inheritdoc IDeltaSoups
    function timeout(uint256 caseId, Header calldata header) external {
        Case storage entry = _cases[caseId];
        if (entry.status != CaseStatus.Demanded) {
            revert WrongCase(caseId, uint8(entry.kind), uint8(entry.status));
        }
        if (block.timestamp <= entry.deadline) {
            revert DeadlineNotPassed(caseId, entry.deadline);
        }
        bytes32 soupId = entry.soupId;
        Soup storage owner = _proposed(soupId, header);
        _win(caseId, entry);
        _slash(soupId, owner, entry.challenger, GAS_SLASH, "silence");
    }

    /// @inheritdoc IDeltaSoups
    function settle(uint256 caseId) external {
        Case storage entry = _cases[caseId];
        if (entry.status != CaseStatus.Answered) {
            revert WrongCase(caseId, uint8(entry.kind), uint8(entry.status));
        }
        if (block.timestamp <= entry.deadline) {
            revert DeadlineNotPassed(caseId, entry.deadline);
        }
        Soup storage owner = _soups[entry.soupId];
        if (owner.status != SoupStatus.Proposed) {
            revert NotProposed(entry.soupId, owner.status);
        }
        _hold(caseId, entry, owner, entry.owed);
    }

    /// @inheritdoc IDeltaSoups
    function refund(uint256 caseId) external {
        Case storage entry = _cases[caseId];
        bytes32 soupId = entry.soupId;
        if (_soups[soupId].status != SoupStatus.Slashed) {
            revert NotSlashed(soupId, _soups[soupId].status);
        }
        if (entry.status != CaseStatus.Demanded && entry.status != CaseStatus.Answered) {
            revert WrongCase(caseId, uint8(entry.kind), uint8(entry.status));
        }
        _win(caseId, entry);
    }

    // ---------------------------------------------------------------- slashes that need no answer

    /// @inheritdoc IDeltaSoups
    function slashUnqualified(
        bytes32 soupId,
        Header calldata header,
        uint32 member,
        bytes32 deltaId,
        bytes32[] calldata memberProof
    ) external {
        Soup storage entry = _challengeable(soupId, header);
        _requireProof(
            Trees.MEMBERS,
            header.membersRoot,
            Commitment.memberLeaf(member, deltaId),
            member,
            header.members,
            memberProof
        );
        _slashFor(soupId, entry, _disqualified(header, deltaId));
    }

    /// @inheritdoc IDeltaSoups
    function slashTerms(
        bytes32 soupId,
        Header calldata header,
        uint32 member,
        Delta calldata delta,
        bytes32[] calldata memberProof,
        Roots calldata roots
    ) external {
        Soup storage entry = _challengeable(soupId, header);
        _requireMember(header, member, delta, memberProof, roots);
        _slashFor(soupId, entry, _offence(header, delta, roots));
    }

    /// @inheritdoc IDeltaSoups
    function slashOrder(
        bytes32 soupId,
        Header calldata header,
        uint32 member,
        bytes32 leftId,
        bytes32[] calldata leftProof,
        bytes32 rightId,
        bytes32[] calldata rightProof
    ) external {
        Soup storage entry = _challengeable(soupId, header);
        bytes32 root = header.membersRoot;
        uint256 next = uint256(member) + 1;
        _requireProof(Trees.MEMBERS, root, Commitment.memberLeaf(member, leftId), member, header.members, leftProof);
        _requireProof(Trees.MEMBERS, root, Commitment.memberLeaf(next, rightId), next, header.members, rightProof);
        _slashFor(soupId, entry, leftId >= rightId ? bytes32("order") : bytes32(0));
    }

    /// @inheritdoc IDeltaSoups
    function slashWeights(
        bytes32 soupId,
        Header calldata header,
        uint32 index,
        Weight calldata left,
        bytes32[] calldata leftProof,
        Weight calldata right,
        bytes32[] calldata rightProof
    ) external {
        Soup storage entry = _challengeable(soupId, header);
        _slashFor(soupId, entry, _gap(header, index, left, leftProof, right, rightProof));
    }

    /// @inheritdoc IDeltaSoups
    function slashUniform(
        bytes32 soupId,
        Header calldata header,
        uint32 index,
        Weight calldata weight,
        bytes32[] calldata weightProof,
        bytes32 deltaId,
        bytes32[] calldata memberProof
    ) external {
        Soup storage entry = _challengeable(soupId, header);
        if (header.weightsRule != Rules.UNIFORM) {
            revert NoFraud(soupId);
        }
        _requireWeight(header, index, weight, weightProof);
        _requireProof(
            Trees.MEMBERS, header.membersRoot, Commitment.memberLeaf(index, deltaId), index, header.members, memberProof
        );
        address identity = IBitDeltaRegistry(REGISTRY).record(deltaId).identity;
        (uint256 start, uint256 end) = _equalShare(index, header.members);
        bool equal = weight.kind == Payee.IDENTITY && weight.who == bytes32(uint256(uint160(identity)))
            && weight.start == start && weight.end == end;
        _slashFor(soupId, entry, equal ? bytes32(0) : bytes32("share"));
    }

    // ---------------------------------------------------------------- money

    /// @inheritdoc IDeltaSoups
    function withdraw(address account) external {
        uint256 amount = credit[account];
        if (amount == 0) {
            revert NothingToWithdraw(account);
        }
        credit[account] = 0;
        emit Withdrawn(account, amount);
        (bool sent,) = account.call{ value: amount }("");
        if (!sent) {
            revert SendFailed(account, amount);
        }
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IDeltaSoups
    function soup(bytes32 soupId) external view returns (Soup memory) {
        return _soups[soupId];
    }

    /// @inheritdoc IDeltaSoups
    function caseOf(uint256 caseId) external view returns (Case memory) {
        return _cases[caseId];
    }

    /// @inheritdoc IDeltaSoups
    function consent(bytes32 deltaId, bytes32 termsHash)
        external
        view
        returns (uint40 givenAt, uint40 deadline, uint40 withdrawnAt)
    {
        Consent storage entry = _consents[deltaId][termsHash];
        return (entry.givenAt, entry.deadline, entry.withdrawnAt);
    }

    /// @inheritdoc IDeltaSoups
    function soupIdOf(address proposer, Header calldata header) external view returns (bytes32) {
        return Commitment.soupId(proposer, header);
    }

    /// @inheritdoc IDeltaSoups
    function termsHashOf(Header calldata header) external pure returns (bytes32) {
        return Commitment.termsHash(header);
    }

    /// @inheritdoc IDeltaSoups
    function domainSeparator() external view returns (bytes32) {
        return TypedData.domain(NAME_HASH);
    }

    /// @inheritdoc IDeltaSoups
    function demandBond(uint8 kind, uint256 members) external view returns (uint256) {
        return _demandBond(CaseKind(kind), members);
    }

    // ---------------------------------------------------------------- internal: bookkeeping

    function _proposed(bytes32 soupId, Header calldata header) private view returns (Soup storage entry) {
        entry = _soups[soupId];
        if (entry.status == SoupStatus.Unknown) {
            revert UnknownSoup(soupId);
        }
        if (entry.status != SoupStatus.Proposed) {
            revert NotProposed(soupId, entry.status);
        }
        bytes32 computed = Commitment.soupId(entry.proposer, header);
        if (computed != soupId) {
            revert HeaderMismatch(soupId, computed);
        }
    }

    function _challengeable(bytes32 soupId, Header calldata header) private view returns (Soup storage entry) {
        entry = _proposed(soupId, header);
        if (block.timestamp >= entry.closesAt) {
            revert WindowClosed(soupId, entry.closesAt);
        }
    }

    function _demand(
        bytes32 soupId,
        Soup storage entry,
        uint256 members,
        CaseKind kind,
        uint32 index,
        uint8 position,
        uint8 tree,
        uint256 parent,
        bytes32 subject
    ) private returns (uint256 caseId) {
        uint256 least = _demandBond(kind, members);
        if (msg.value < least || msg.value > type(uint96).max) {
            revert WrongBond(msg.value, least);
        }
        uint8 openCases = entry.openCases;
        if (openCases >= MAX_CASES) {
            revert TooManyCases(soupId, MAX_CASES);
        }
        entry.openCases = openCases + 1;
        caseId = ++cases;
        uint40 deadline = uint40(block.timestamp) + RESPONSE;
        Case storage record = _cases[caseId];
        record.soupId = soupId;
        record.challenger = msg.sender;
        record.deadline = deadline;
        record.kind = kind;
        record.status = CaseStatus.Demanded;
        record.index = index;
        record.position = position;
        record.bond = uint96(msg.value);
        record.tree = tree;
        record.parent = uint48(parent);
        record.subject = subject;
        emit Demanded(soupId, caseId, msg.sender, uint8(kind), tree, index, position, deadline, msg.value);
    }

    function _demandedOf(uint256 caseId, CaseKind kind) private view returns (Case storage entry) {
        entry = _cases[caseId];
        if (entry.kind != kind || entry.status != CaseStatus.Demanded) {
            revert WrongCase(caseId, uint8(entry.kind), uint8(entry.status));
        }
        if (block.timestamp > entry.deadline) {
            revert DeadlinePassed(caseId, entry.deadline);
        }
    }

    function _demanded(uint256 caseId, CaseKind kind, Header calldata header)
        private
        view
        returns (Case storage entry, Soup storage owner)
    {
        entry = _demandedOf(caseId, kind);
        owner = _proposed(entry.soupId, header);
    }

    function _answered(uint256 caseId) private view returns (Case storage entry) {
        entry = _cases[caseId];
        if (entry.status != CaseStatus.Answered) {
            revert WrongCase(caseId, uint8(entry.kind), uint8(entry.status));
        }
        if (block.timestamp > entry.deadline) {
            revert DeadlinePassed(caseId, entry.deadline);
        }
    }

    /// @dev Gives those who come after an answer the time of one response, up to the hard end.
    function _extend(Soup storage entry) private {
        uint40 until = uint40(block.timestamp) + RESPONSE;
        if (until > entry.hardClose) {
            until = entry.hardClose;
        }
        if (until > entry.closesAt) {
            entry.closesAt = until;
        }
    }

    // ---------------------------------------------------------------- internal: money

    function _fixedGas(CaseKind kind, uint256 members) private pure returns (uint256) {
        if (kind == CaseKind.Vote) {
            return GAS_VOTE + GAS_VOTE_MEMBER * members;
        }
        if (kind == CaseKind.Word) {
            return GAS_WORD;
        }
        if (kind == CaseKind.Member) {
            return GAS_MEMBER;
        }
        return kind == CaseKind.Weight ? GAS_WEIGHT : GAS_NODE;
    }

    function _demandBond(CaseKind kind, uint256 members) private view returns (uint256) {
        uint256 price = 3 * block.basefee;
        return _fixedGas(kind, members) * (price > GAS_PRICE_FLOOR ? price : GAS_PRICE_FLOOR);
    }

    /// @dev Fixed gas at the price really paid, three times the base fee at most, never more than the loser's bond.
    function _reimbursement(uint256 fixedGas, uint256 bond) private view returns (uint256) {
        uint256 price = 3 * block.basefee;
        uint256 cost = fixedGas * (tx.gasprice < price ? tx.gasprice : price);
        return cost < bond ? cost : bond;
    }

    /// @dev The demand was met: its bond pays the answer, half of the rest is the proposer's, half burns.
    function _hold(uint256 caseId, Case storage entry, Soup storage owner, uint256 reimbursement) private {
        uint256 burnt = (uint256(entry.bond) - reimbursement) / 2;
        uint256 gain = uint256(entry.bond) - burnt;
        entry.status = CaseStatus.Held;
        --owner.openCases;
        _extend(owner);
        credit[owner.proposer] += gain;
        emit Held(entry.soupId, caseId, gain, burnt);
        _burn(burnt);
    }

    /// @dev The case's bond goes back to the challenger that is on record, whoever calls.
    function _win(uint256 caseId, Case storage entry) private {
        entry.status = CaseStatus.Won;
        credit[entry.challenger] += entry.bond;
        emit Refunded(entry.soupId, caseId, entry.challenger, entry.bond);
    }

    /// @dev Half of the bond burns, so that a proposer gains nothing by challenging itself.
    function _slash(bytes32 soupId, Soup storage entry, address challenger, uint256 fixedGas, bytes32 reason) private {
        entry.status = SoupStatus.Slashed;
        uint256 burnt = (uint256(BOND) - _reimbursement(fixedGas, BOND)) / 2;
        uint256 gain = uint256(BOND) - burnt;
        credit[challenger] += gain;
        emit Slashed(soupId, challenger, reason, gain, burnt);
        _burn(burnt);
    }

    function _slashFor(bytes32 soupId, Soup storage entry, bytes32 reason) private {
        if (reason == 0) {
            revert NoFraud(soupId);
        }
        _slash(soupId, entry, msg.sender, GAS_SLASH, reason);
    }

    function _burn(uint256 amount) private {
        if (amount != 0) {
            (bool sent,) = BURNT.call{ value: amount }("");
            if (!sent) {
                revert SendFailed(BURNT, amount);
            }
        }
    }

    function _sendOrCredit(address to, uint256 amount) private {
        bool sent;
        assembly ("memory-safe") {
            // No return data is copied: a proposer cannot make this expensive.
            sent := call(SEND_GAS, to, amount, 0, 0, 0, 0)
        }
        if (!sent) {
            credit[to] += amount;
        }
    }

    // ---------------------------------------------------------------- internal: what is proved

    function _requireIndex(uint256 index, uint256 count) private pure {
        if (index >= count) {
            revert IndexOutOfRange(index, count);
        }
    }

    function _requireProof(
        uint8 tree,
        bytes32 root,
        bytes32 leaf,
        uint256 index,
        uint256 count,
        bytes32[] calldata proof
    ) private pure {
        if (!Merkle.verify(root, leaf, index, count, proof)) {
            revert ProofInvalid(tree, index);
        }
    }

    function _requireChunk(bytes calldata chunk) private pure {
        if (chunk.length != Commitment.CHUNK) {
            revert WrongLength(chunk.length, Commitment.CHUNK);
        }
    }

    function _requireResult(
        bytes32 root,
        uint8 kind,
        uint256 index,
        uint256 count,
        bytes calldata chunk,
        bytes32[] calldata proof
    ) private pure {
        _requireChunk(chunk);
        _requireProof(kind, root, Commitment.leaf(address(0), kind, index, 0, chunk), index, count, proof);
    }

    /// @dev Proves the result's chunk and has its word recounted from the members' words.
    function _recount(
        Header calldata header,
        uint8 tree,
        uint256 chunk,
        uint256 position,
        uint256[] calldata words,
        bytes calldata result,
        bytes32[] calldata resultProof,
        bytes calldata abstain,
        bytes32[] calldata abstainProof
    ) private view returns (bytes32) {
        (bytes32 root, uint256 count) = _tree(header, tree);
        _requireResult(root, tree, chunk, count, result, resultProof);
        uint256 claimed = _word(result, position);
        if (tree == Trees.SCALES) {
            return ISoupRules(RULES).recountMedian(words, claimed);
        }
        if (header.rule == Rules.MAJORITY) {
            return ISoupRules(RULES).recountMajority(words, claimed);
        }
        _requireResult(header.abstainRoot, Trees.ABSTAIN, chunk, count, abstain, abstainProof);
        return ISoupRules(RULES).recountCertified(words, header.byzantine, claimed, _word(abstain, position));
    }

    /// @dev Word of a chunk; the position was checked when the case was opened.
    function _word(bytes calldata chunk, uint256 position) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(chunk.offset, shl(5, position)))
        }
    }

    /// @dev The word that a member committed at the place that a Vote case is about.
    function _committed(
        Case storage vote,
        address identity,
        Roots calldata roots,
        bytes calldata chunk,
        bytes32 leafSalt,
        bytes32[] calldata chunkProof
    ) private view returns (uint256) {
        _requireChunk(chunk);
        uint8 kind = vote.tree;
        uint256 index = vote.index;
        bytes32 leaf = Commitment.leaf(identity, kind, index, leafSalt, chunk);
        bool signs = kind == Trees.SIGNS;
        _requireProof(
            kind,
            signs ? roots.signsRoot : roots.scalesRoot,
            leaf,
            index,
            signs ? roots.nSigns : roots.nScales,
            chunkProof
        );
        return _word(chunk, vote.position);
    }

    function _requireMember(
        Header calldata header,
        uint256 member,
        Delta calldata delta,
        bytes32[] calldata memberProof,
        Roots calldata roots
    ) private pure returns (bytes32 deltaId) {
        deltaId = Commitment.deltaId(delta);
        _requireProof(
            Trees.MEMBERS,
            header.membersRoot,
            Commitment.memberLeaf(member, deltaId),
            member,
            header.members,
            memberProof
        );
        bytes32 computed = Commitment.deltaRoot(roots);
        if (computed != delta.deltaRoot) {
            revert RootsMismatch(delta.deltaRoot, computed);
        }
    }

    /// @dev What disqualifies a member by its own content; empty if nothing does.
    function _offence(Header calldata header, Delta calldata delta, Roots calldata roots)
        private
        pure
        returns (bytes32)
    {
        if (delta.baseHash != header.baseHash) {
            return "base";
        }
        if (
            roots.layoutHash != header.layoutHash || roots.nSigns != header.nSigns || roots.nScales != header.nScales
                || roots.abstainRoot != 0
        ) {
            return "layout";
        }
        if (delta.epsilonMilli > header.epsilonCapMilli) {
            return "epsilon";
        }
        return 0;
    }

    /// @dev What disqualified a member on chain as of the snapshot; empty if nothing did.
    function _disqualified(Header calldata header, bytes32 deltaId) private view returns (bytes32) {
        Record memory record = IBitDeltaRegistry(REGISTRY).record(deltaId);
        if (record.publishedAt == 0 || record.publishedAt > header.snapshot) {
            return "unpublished";
        }
        if (record.revokedAt != 0 && record.revokedAt <= header.snapshot) {
            return "revoked";
        }
        if (record.flags & Flags.PUBLIC == 0) {
            return "private";
        }
        if (record.flags & header.requiredFlags != header.requiredFlags) {
            return "flags";
        }
        uint40 withdrawnAt = _consents[deltaId][Commitment.termsHash(header)].withdrawnAt;
        if (withdrawnAt != 0 && withdrawnAt <= header.snapshot) {
            return "consent";
        }
        return 0;
    }

    /// @dev On chain before the snapshot, or signed by the key that controlled the identity as of the snapshot: what
    /// happened later (a rotation, a contract wallet that changes its mind) must not undo it.
    function _requireConsent(
        Header calldata header,
        bytes32 deltaId,
        address identity,
        uint256 deadline,
        bytes calldata signature
    ) private view {
        bytes32 termsHash = Commitment.termsHash(header);
        if (signature.length == 0) {
            Consent storage entry = _consents[deltaId][termsHash];
            if (entry.givenAt == 0 || entry.givenAt > header.snapshot || entry.deadline < header.snapshot) {
                revert ConsentMissing(deltaId, termsHash);
            }
            return;
        }
        if (deadline < header.snapshot) {
            revert SignatureExpired(deadline, header.snapshot);
        }
        address recovered = TypedData.recover(_consentDigest(deltaId, termsHash, deadline), signature);
        address controller = IIdentityRegistry(IDENTITIES).controllerAt(identity, header.snapshot);
        if (recovered == address(0) || recovered != controller) {
            revert NotController(identity, recovered, controller);
        }
    }

    function _consentDigest(bytes32 deltaId, bytes32 termsHash, uint256 deadline) private view returns (bytes32) {
        return TypedData.digest(
            TypedData.domain(NAME_HASH), keccak256(abi.encode(CONSENT_TYPEHASH, deltaId, termsHash, deadline))
        );
    }

    function _requireWeight(Header calldata header, uint256 index, Weight calldata weight, bytes32[] calldata proof)
        private
        pure
    {
        bytes32 leaf = Commitment.weightLeaf(index, weight.kind, weight.who, weight.start, weight.end);
        _requireProof(Trees.WEIGHTS, header.weightsRoot, leaf, index, header.payees, proof);
    }

    /// @dev What is wrong between weight `index` and its right neighbour; empty if nothing is.
    function _gap(
        Header calldata header,
        uint256 index,
        Weight calldata left,
        bytes32[] calldata leftProof,
        Weight calldata right,
        bytes32[] calldata rightProof
    ) private pure returns (bytes32) {
        _requireWeight(header, index, left, leftProof);
        if (left.kind > Payee.SOUP || (left.kind == Payee.IDENTITY && uint256(left.who) >> 160 != 0)) {
            return "kind";
        }
        if (left.start >= left.end) {
            return "empty";
        }
        if (index == 0 && left.start != 0) {
            return "first";
        }
        if (index + 1 == header.payees) {
            return left.end == WHOLE ? bytes32(0) : bytes32("last");
        }
        _requireWeight(header, index + 1, right, rightProof);
        if (left.end != right.start) {
            return left.end < right.start ? bytes32("gap") : bytes32("overlap");
        }
        return 0;
    }

    function _equalShare(uint256 index, uint256 members) private pure returns (uint256 start, uint256 end) {
        start = index * WHOLE / members;
        end = (index + 1) * WHOLE / members;
    }

    function _tree(Header calldata header, uint8 tree) private pure returns (bytes32 root, uint256 count) {
        if (tree == Trees.SIGNS) {
            return (header.signsRoot, header.nSigns);
        }
        if (tree == Trees.SCALES) {
            return (header.scalesRoot, header.nScales);
        }
        if (tree == Trees.ABSTAIN) {
            return (header.abstainRoot, header.abstainRoot == 0 ? 0 : header.nSigns);
        }
        if (tree == Trees.MEMBERS) {
            return (header.membersRoot, header.members);
        }
        if (tree == Trees.WEIGHTS) {
            return (header.weightsRoot, header.payees);
        }
        revert IndexOutOfRange(tree, Trees.WEIGHTS + 1);
    }
}
