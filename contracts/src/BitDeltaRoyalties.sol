// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBitDeltaRoyalties } from "./interfaces/IBitDeltaRoyalties.sol";
import { Authority } from "./libraries/Authority.sol";
import { Commitment } from "./libraries/Commitment.sol";
import { Merkle } from "./libraries/Merkle.sol";
import { Shares } from "./libraries/Shares.sol";
import { TypedData } from "./libraries/TypedData.sol";
import { Payee } from "./types/Soup.sol";
import { IERC165 } from "@openzeppelin/contracts/interfaces/IERC165.sol";
import { IERC2981 } from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Royalties of soups
/// @notice Holds the money: immutable, without an owner, a pause or a way out but the ones below.
/// @dev Solvency rests on three lines: a pot's `paid` never exceeds its `received` (whatever the tree says), `received`
/// grows only by what arrived, and a claim is floored over lifetime receipts minus what was claimed before.
contract BitDeltaRoyalties is IBitDeltaRoyalties, IERC165 {
    using SafeERC20 for IERC20;

    /// @dev A number in a slot of its own; as a struct, so that a mapping's entry is hashed once for reading and writing.
    struct Total {
        uint256 amount;
    }

    /// @dev What a soup has in one token: one hash leads to the pot and to all claims on it.
    struct Account {
        /// received << 128 | paid, so that paying out is one addition.
        uint256 pot;
        mapping(uint256 index => Total) claimed;
    }

    struct Escrow {
        uint128 amount;
        uint128 announced;
        uint40 notBefore;
    }

    bytes32 private constant NAME_HASH = keccak256("BitDeltaRoyalties");
    uint256 private constant PAID = type(uint128).max;
    bytes32 private constant VOUCHER_TYPEHASH =
        keccak256("Voucher(bytes32 soupId,address token,address payer,uint128 cumulative,uint64 expiry)");

    /// @inheritdoc IBitDeltaRoyalties
    address public immutable SOUPS;
    /// @inheritdoc IBitDeltaRoyalties
    address public immutable IDENTITIES;
    /// @inheritdoc IBitDeltaRoyalties
    address public immutable ROYALTY_TOKEN;
    /// @inheritdoc IBitDeltaRoyalties
    uint256 public immutable ROYALTY_BPS;
    /// @inheritdoc IBitDeltaRoyalties
    uint256 public immutable ESCROW_DELAY;

    /// @inheritdoc IBitDeltaRoyalties
    mapping(bytes32 soupId => bytes32) public weightsRoot;
    mapping(bytes32 soupId => mapping(address token => Account)) private _accounts;
    mapping(address payer => mapping(address token => Escrow)) private _escrows;
    mapping(bytes32 soupId => mapping(address token => mapping(address payer => Total))) private _drawn;
    uint256 private transient _receiving;

    /// @dev What arrives is measured by balance, so nothing may enter while a token is called for it.
    modifier receives() {
        if (_receiving != 0) {
            revert PaymentInProgress();
        }
        _receiving = 1;
        _;
        _receiving = 0;
    }

    /// @dev What pays out books before it calls, so it takes no lock of its own; it may not run within a measurement.
    modifier paysOut() {
        if (_receiving != 0) {
            revert PaymentInProgress();
        }
        _;
    }

    /// @param identities names the controllers that are paid
    /// @param royaltyToken token of `distributeRoyalties`; zero is the native coin
    /// @param royaltyBps rate that `royaltyInfo` reports, in basis points
    /// @param escrowDelay seconds between announcing and making a withdrawal of escrow
    constructor(address identities, address royaltyToken, uint256 royaltyBps, uint256 escrowDelay) {
        if (identities == address(0)) {
            revert ZeroAddress();
        }
        if (royaltyBps > 10_000) {
            revert AmountTooLarge(royaltyBps, 10_000);
        }
        SOUPS = msg.sender;
        IDENTITIES = identities;
        ROYALTY_TOKEN = royaltyToken;
        ROYALTY_BPS = royaltyBps;
        ESCROW_DELAY = escrowDelay;
    }

    /// @notice A bare transfer names no soup: refused rather than lost.
    receive() external payable {
        revert PayThroughFunction();
    }

    // ---------------------------------------------------------------- paying

    /// @inheritdoc IBitDeltaRoyalties
    function pay(bytes32 soupId, address token, uint256 amount) external payable receives returns (uint256 received) {
        received = _pay(soupId, token, amount);
    }

    /// @inheritdoc IBitDeltaRoyalties
    function payWithPermit(
        bytes32 soupId,
        address token,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external receives returns (uint256 received) {
        // Whoever sees the permit can use it first; the allowance is there either way, so a failure says nothing.
        try IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s) { } catch { }
        received = _pay(soupId, token, amount);
    }

    /// @inheritdoc IBitDeltaRoyalties
    function distributeRoyalties(bytes32 soupHash, uint256 totalAmount) external payable receives {
        _pay(soupHash, ROYALTY_TOKEN, totalAmount);
    }

    // ---------------------------------------------------------------- drawing

    /// @inheritdoc IBitDeltaRoyalties
    function claim(
        bytes32 soupId,
        address token,
        uint256 index,
        address identity,
        uint256 start,
        uint256 end,
        bytes32[] calldata proof
    ) external paysOut returns (uint256 amount) {
        address to = _controller(identity);
        amount = _draw(soupId, token, index, Payee.IDENTITY, _word(identity), start, end, proof);
        emit Claimed(soupId, token, index, identity, to, amount);
        _send(token, to, amount);
    }

    /// @inheritdoc IBitDeltaRoyalties
    function claimTo(
        bytes32 soupId,
        address token,
        uint256 index,
        address identity,
        uint256 start,
        uint256 end,
        bytes32[] calldata proof,
        address to
    ) external paysOut returns (uint256 amount) {
        address controller = _controller(identity);
        if (controller != msg.sender) {
            revert NotController(identity, msg.sender, controller);
        }
        if (to == address(0)) {
            revert ZeroAddress();
        }
        amount = _draw(soupId, token, index, Payee.IDENTITY, _word(identity), start, end, proof);
        emit Claimed(soupId, token, index, identity, to, amount);
        _send(token, to, amount);
    }

    /// @inheritdoc IBitDeltaRoyalties
    function claimMany(
        address token,
        address identity,
        bytes32[] calldata soupIds,
        uint256[] calldata places,
        bytes32[] calldata proofs
    ) external paysOut returns (uint256 amount) {
        _requireSameLength(soupIds.length * 4, places.length);
        address to = _controller(identity);
        bytes32 who = _word(identity);
        uint256 from;
        for (uint256 i; i < soupIds.length; ++i) {
            (uint256 index, uint256 start, uint256 end, uint256 steps) = _place(places, i);
            uint256 left = proofs.length - from;
            if (steps > left) {
                revert LengthMismatch(steps, left);
            }
            bytes32 soupId = soupIds[i];
            uint256 part = _draw(soupId, token, index, Payee.IDENTITY, who, start, end, proofs[from:from + steps]);
            from += steps;
            amount += part;
            emit Claimed(soupId, token, index, identity, to, part);
        }
        _requireSameLength(from, proofs.length);
        _send(token, to, amount);
    }

    /// @inheritdoc IBitDeltaRoyalties
    function pull(
        bytes32 child,
        address token,
        uint256 index,
        bytes32 parent,
        uint256 start,
        uint256 end,
        bytes32[] calldata proof
    ) external paysOut returns (uint256 amount) {
        if (child == parent) {
            revert SameSoup(child);
        }
        amount = _draw(child, token, index, Payee.SOUP, parent, start, end, proof);
        _credit(parent, token, amount);
        emit Pulled(child, token, index, parent, amount);
    }

    // ---------------------------------------------------------------- vouchers

    /// @inheritdoc IBitDeltaRoyalties
    function deposit(address token, uint256 amount) external payable receives returns (uint256 received) {
        received = _receive(token, amount);
        Escrow storage entry = _escrows[msg.sender][token];
        entry.amount = _narrow(entry.amount + received);
        emit Deposited(msg.sender, token, received);
    }

    /// @inheritdoc IBitDeltaRoyalties
    function requestWithdraw(address token, uint256 amount) external {
        Escrow storage entry = _escrows[msg.sender][token];
        if (amount > entry.amount) {
            revert EscrowTooLow(msg.sender, token, entry.amount, amount);
        }
        uint256 notBefore = block.timestamp + ESCROW_DELAY;
        entry.announced = uint128(amount);
        entry.notBefore = uint40(notBefore);
        emit WithdrawalRequested(msg.sender, token, amount, notBefore);
    }

    /// @inheritdoc IBitDeltaRoyalties
    function withdraw(address token) external paysOut returns (uint256 amount) {
        Escrow storage entry = _escrows[msg.sender][token];
        if (entry.announced == 0) {
            revert NoWithdrawalRequested(msg.sender, token);
        }
        if (block.timestamp < entry.notBefore) {
            revert WithdrawalPending(entry.notBefore);
        }
        amount = entry.announced < entry.amount ? entry.announced : entry.amount;
        entry.amount -= uint128(amount);
        entry.announced = 0;
        entry.notBefore = 0;
        emit EscrowWithdrawn(msg.sender, token, amount);
        _send(token, msg.sender, amount);
    }

    /// @inheritdoc IBitDeltaRoyalties
    function settle(Voucher[] calldata vouchers, bytes calldata signatures) external paysOut returns (uint256 settled) {
        _requireSameLength(vouchers.length * 65, signatures.length);
        bytes32 domain = TypedData.domain(NAME_HASH);
        for (uint256 i; i < vouchers.length; ++i) {
            VoucherReason reason = _settle(domain, vouchers[i], _signature(signatures, i));
            if (reason == VoucherReason.None) {
                ++settled;
            } else {
                emit VoucherSkipped(i, vouchers[i].payer, uint8(reason));
            }
        }
    }

    // ---------------------------------------------------------------- opened by the soups contract

    /// @inheritdoc IBitDeltaRoyalties
    function openSoup(bytes32 soupId, bytes32 root) external {
        if (msg.sender != SOUPS) {
            revert NotSoups(msg.sender, SOUPS);
        }
        if (weightsRoot[soupId] != 0) {
            revert AlreadyFinal(soupId);
        }
        weightsRoot[soupId] = root;
        emit Opened(soupId, root);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IBitDeltaRoyalties
    function pot(bytes32 soupId, address token) external view returns (uint128 received, uint128 paid) {
        uint256 word = _accounts[soupId][token].pot;
        return (uint128(word >> 128), uint128(word));
    }

    /// @inheritdoc IBitDeltaRoyalties
    function claimed(bytes32 soupId, address token, uint256 index) external view returns (uint256) {
        return _accounts[soupId][token].claimed[index].amount;
    }

    /// @inheritdoc IBitDeltaRoyalties
    function due(bytes32 soupId, address token, uint256 index, uint256 start, uint256 end)
        external
        view
        returns (uint256)
    {
        Account storage entry = _accounts[soupId][token];
        uint256 received = entry.pot >> 128;
        uint256 paid = entry.pot & PAID;
        (, uint256 amount, bool covered) = Shares.due(received, paid, entry.claimed[index].amount, start, end);
        return covered ? amount : received - paid;
    }

    /// @inheritdoc IBitDeltaRoyalties
    function escrow(address payer, address token)
        external
        view
        returns (uint128 amount, uint128 announced, uint40 notBefore)
    {
        Escrow storage entry = _escrows[payer][token];
        return (entry.amount, entry.announced, entry.notBefore);
    }

    /// @inheritdoc IBitDeltaRoyalties
    function drawn(bytes32 soupId, address token, address payer) external view returns (uint256) {
        return _drawn[soupId][token][payer].amount;
    }

    /// @inheritdoc IBitDeltaRoyalties
    function royaltyInfo(uint256 id, uint256 price) external view returns (address receiver, uint256 amount) {
        if (weightsRoot[bytes32(id)] == 0) {
            return (address(0), 0);
        }
        return (address(this), price / 10_000 * ROYALTY_BPS + price % 10_000 * ROYALTY_BPS / 10_000);
    }

    /// @inheritdoc IBitDeltaRoyalties
    function shareBps(uint256 start, uint256 end) external pure returns (uint256) {
        (uint256 share,,) = Shares.due(10_000, 0, 0, start, end);
        return share;
    }

    /// @inheritdoc IBitDeltaRoyalties
    function domainSeparator() external view returns (bytes32) {
        return TypedData.domain(NAME_HASH);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IBitDeltaRoyalties).interfaceId || interfaceId == type(IERC2981).interfaceId
            || interfaceId == type(IERC165).interfaceId;
    }

    // ---------------------------------------------------------------- internal

    function _pay(bytes32 soupId, address token, uint256 amount) private returns (uint256 received) {
        received = _receive(token, amount);
        _credit(soupId, token, received);
        emit Paid(soupId, token, msg.sender, amount, received);
    }

    /// @dev A pot that ever received money belongs to a final soup, and final is for ever: only the first payment asks.
    function _credit(bytes32 soupId, address token, uint256 amount) private {
        Account storage entry = _accounts[soupId][token];
        uint256 received = entry.pot >> 128;
        if (received == 0 && weightsRoot[soupId] == 0) {
            revert SoupNotFinal(soupId);
        }
        entry.pot = uint256(_narrow(received + amount)) << 128 | entry.pot & PAID;
    }

    /// @dev What arrived is what the balance grew by: the only truth about a token that takes a fee.
    function _receive(address token, uint256 amount) private returns (uint256 received) {
        if (token == address(0)) {
            if (msg.value != amount) {
                revert WrongValue(msg.value, amount);
            }
            received = amount;
        } else {
            if (msg.value != 0) {
                revert WrongValue(msg.value, 0);
            }
            uint256 before = IERC20(token).balanceOf(address(this));
            IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
            received = IERC20(token).balanceOf(address(this)) - before;
        }
        if (received == 0) {
            revert NothingReceived(token);
        }
    }

    /// @dev Proves the interval and books what is due to it.
    function _draw(
        bytes32 soupId,
        address token,
        uint256 index,
        uint256 kind,
        bytes32 who,
        uint256 start,
        uint256 end,
        bytes32[] calldata proof
    ) private returns (uint256) {
        bytes32 root = weightsRoot[soupId];
        if (root == 0) {
            revert SoupNotFinal(soupId);
        }
        // An index beyond the proof would name one leaf by many numbers, each with a claim of its own; the leaf holds
        // its index too, so that is refused twice.
        if (index >= 1 << proof.length) {
            revert IndexOutOfRange(index, proof.length);
        }
        if (Merkle.climb(Commitment.weightLeaf(index, kind, who, start, end), index, proof) != root) {
            revert WeightNotProven(soupId, index);
        }
        Account storage entry = _accounts[soupId][token];
        Total storage claim_ = entry.claimed[index];
        uint256 word = entry.pot;
        (uint256 total, uint256 amount, bool covered) = Shares.due(word >> 128, word & PAID, claim_.amount, start, end);
        if (amount == 0) {
            return 0;
        }
        // Only a tree whose intervals overlap gets here; honest ones sum to at most `received`.
        if (!covered) {
            revert Overdrawn(soupId, token, word & PAID, amount, word >> 128);
        }
        unchecked {
            // The low half stays at most `received`, below 2^128.
            entry.pot = word + amount;
        }
        claim_.amount = total;
        return amount;
    }

    /// @dev Reads each field once: calldata is checked at every reading.
    function _settle(bytes32 domain, Voucher calldata voucher, bytes calldata signature)
        private
        returns (VoucherReason)
    {
        if (block.timestamp > voucher.expiry) {
            return VoucherReason.Expired;
        }
        bytes32 soupId = voucher.soupId;
        address token = voucher.token;
        address payer = voucher.payer;
        uint256 cumulative = voucher.cumulative;
        Total storage drawn_ = _drawn[soupId][token][payer];
        uint256 before = drawn_.amount;
        if (cumulative <= before) {
            return VoucherReason.NothingNew;
        }
        bytes32 digest = TypedData.digest(domain, _voucherHash(voucher));
        address recovered = TypedData.recover(digest, signature);
        if (recovered != payer || recovered == address(0)) {
            return VoucherReason.BadSignature;
        }
        unchecked {
            uint256 amount = cumulative - before;
            Escrow storage source = _escrows[payer][token];
            uint256 available = source.amount;
            if (available < amount) {
                return VoucherReason.EscrowTooLow;
            }
            Account storage target = _accounts[soupId][token];
            uint256 word = target.pot;
            if (word >> 128 == 0 && weightsRoot[soupId] == 0) {
                return VoucherReason.SoupNotFinal;
            }
            if ((word >> 128) + amount > type(uint128).max) {
                return VoucherReason.OutOfRange;
            }
            source.amount = uint128(available - amount);
            target.pot = word + (amount << 128);
            drawn_.amount = cumulative;
            emit VoucherSettled(soupId, token, payer, cumulative, amount);
        }
        return VoucherReason.None;
    }

    function _send(address token, address to, uint256 amount) private {
        if (amount == 0) {
            return;
        }
        if (token == address(0)) {
            (bool sent,) = to.call{ value: amount }("");
            if (!sent) {
                revert SendFailed(to, amount);
            }
        } else {
            IERC20(token).safeTransfer(to, amount);
        }
    }

    function _controller(address identity) private view returns (address controller) {
        controller = Authority.controllerOf(IDENTITIES, identity);
        if (controller == address(0)) {
            revert IdentityDeactivated(identity);
        }
    }

    function _word(address identity) private pure returns (bytes32) {
        return bytes32(uint256(uint160(identity)));
    }

    function _narrow(uint256 amount) private pure returns (uint128) {
        if (amount > type(uint128).max) {
            revert AmountTooLarge(amount, type(uint128).max);
        }
        return uint128(amount);
    }

    /// @dev Four words from the flat array, whose length was checked.
    function _place(uint256[] calldata places, uint256 i)
        private
        pure
        returns (uint256 index, uint256 start, uint256 end, uint256 steps)
    {
        assembly ("memory-safe") {
            let p := add(places.offset, shl(7, i))
            index := calldataload(p)
            start := calldataload(add(p, 32))
            end := calldataload(add(p, 64))
            steps := calldataload(add(p, 96))
        }
    }

    /// @dev `hashStruct`: the fields are words of calldata and their ranges were checked, so they are hashed as they lie.
    function _voucherHash(Voucher calldata voucher) private pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := voucher
        }
        return Commitment.hash(VOUCHER_TYPEHASH, offset, 5 * 32);
    }

    /// @dev Signature `i` of a row whose length was checked.
    function _signature(bytes calldata signatures, uint256 i) private pure returns (bytes calldata part) {
        assembly ("memory-safe") {
            part.offset := add(signatures.offset, mul(i, 65))
            part.length := 65
        }
    }

    function _requireSameLength(uint256 expected, uint256 given) private pure {
        if (expected != given) {
            revert LengthMismatch(expected, given);
        }
    }
}
