// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Royalties of soups
/// @notice A payment is O(1) at any number of contributors; each contributor draws
/// `received * (end - start) / 1e9 - claimed` of its interval. Nobody can stop a claim.
/// Token zero is the chain's native coin. Rebasing tokens must be wrapped.
interface IBitDeltaRoyalties {
    /// @notice "All that I owe to this soup so far": signed off chain, settled by anybody, drawn from escrow.
    struct Voucher {
        bytes32 soupId;
        address token;
        address payer;
        /// Sum of all of the payer's vouchers for this soup and token; a later one replaces an earlier one.
        uint128 cumulative;
        /// Last second in which it can be settled.
        uint64 expiry;
    }

    /// @notice Why a voucher was skipped.
    enum VoucherReason {
        None,
        Expired,
        /// The soup's receipts would pass 2^128.
        OutOfRange,
        /// Its cumulative amount was drawn before: a replay.
        NothingNew,
        BadSignature,
        EscrowTooLow,
        SoupNotFinal
    }

    error SoupNotFinal(bytes32 soupId);
    error NotSoups(address caller, address soups);
    error AlreadyFinal(bytes32 soupId);
    error WrongValue(uint256 value, uint256 amount);
    error NothingReceived(address token);
    error AmountTooLarge(uint256 amount, uint256 max);
    error IndexOutOfRange(uint256 index, uint256 depth);
    error WeightNotProven(bytes32 soupId, uint256 index);
    error Overdrawn(bytes32 soupId, address token, uint256 paid, uint256 due, uint256 received);
    error IdentityDeactivated(address identity);
    error NotController(address identity, address actor, address controller);
    error SameSoup(bytes32 soupId);
    error LengthMismatch(uint256 expected, uint256 given);
    error ZeroAddress();
    error EscrowTooLow(address payer, address token, uint256 available, uint256 requested);
    error WithdrawalPending(uint256 notBefore);
    error NoWithdrawalRequested(address payer, address token);
    error SendFailed(address to, uint256 amount);
    error PayThroughFunction();
    /// @dev A token called back into the contract while it was asked for money.
    error PaymentInProgress();

    event Opened(bytes32 indexed soupId, bytes32 weightsRoot);
    event Paid(bytes32 indexed soupId, address indexed token, address indexed payer, uint256 amount, uint256 received);
    event Claimed(
        bytes32 indexed soupId,
        address indexed token,
        uint256 index,
        address indexed identity,
        address to,
        uint256 amount
    );
    event Pulled(bytes32 indexed child, address indexed token, uint256 index, bytes32 indexed parent, uint256 amount);
    event Deposited(address indexed payer, address indexed token, uint256 received);
    event WithdrawalRequested(address indexed payer, address indexed token, uint256 amount, uint256 notBefore);
    event EscrowWithdrawn(address indexed payer, address indexed token, uint256 amount);
    event VoucherSettled(
        bytes32 indexed soupId, address indexed token, address indexed payer, uint256 cumulative, uint256 amount
    );
    /// @param reason a `VoucherReason`
    event VoucherSkipped(uint256 index, address indexed payer, uint8 reason);

    // ---- paying

    /// @notice Pays a final soup. For the native coin `token` is zero and `amount` equals `msg.value`.
    /// @return received what arrived (less than `amount` for a token that takes a fee)
    function pay(bytes32 soupId, address token, uint256 amount) external payable returns (uint256 received);

    /// @notice Pays with an ERC-2612 permit. A permit that somebody else used first does not matter.
    function payWithPermit(
        bytes32 soupId,
        address token,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 received);

    /// @notice LP-303: pays `totalAmount` of `ROYALTY_TOKEN` from the caller.
    function distributeRoyalties(bytes32 soupHash, uint256 totalAmount) external payable;

    // ---- drawing

    /// @notice Pays an identity's share to its current controller. Anybody may call.
    function claim(
        bytes32 soupId,
        address token,
        uint256 index,
        address identity,
        uint256 start,
        uint256 end,
        bytes32[] calldata proof
    ) external returns (uint256 amount);

    /// @notice As `claim`, to any address; the identity's controller only.
    function claimTo(
        bytes32 soupId,
        address token,
        uint256 index,
        address identity,
        uint256 start,
        uint256 end,
        bytes32[] calldata proof,
        address to
    ) external returns (uint256 amount);

    /// @notice Claims one identity's shares of many soups in one token with one transfer.
    /// @param places four numbers for each soup: index, start, end, and the number of its hashes in `proofs`
    function claimMany(
        address token,
        address identity,
        bytes32[] calldata soupIds,
        uint256[] calldata places,
        bytes32[] calldata proofs
    ) external returns (uint256 amount);

    /// @notice Moves a parent soup's share out of its child's pot. No token moves.
    function pull(
        bytes32 child,
        address token,
        uint256 index,
        bytes32 parent,
        uint256 start,
        uint256 end,
        bytes32[] calldata proof
    ) external returns (uint256 amount);

    // ---- vouchers

    /// @notice Puts money behind the sender's vouchers.
    function deposit(address token, uint256 amount) external payable returns (uint256 received);

    /// @notice Announces a withdrawal; vouchers may still draw the money until it is made.
    function requestWithdraw(address token, uint256 amount) external;

    /// @notice Takes out what was announced, or what is left of it, after `ESCROW_DELAY`.
    function withdraw(address token) external returns (uint256 amount);

    /// @notice Settles vouchers `Voucher(bytes32 soupId,address token,address payer,uint128
    /// cumulative,uint64 expiry)`.
    /// A bad one is skipped with `VoucherSkipped`, never fatal; a replay adds nothing.
    /// @param signatures 65 bytes each
    function settle(Voucher[] calldata vouchers, bytes calldata signatures) external returns (uint256 settled);

    // ---- opened by the soups contract

    /// @notice Called once per soup when it becomes final.
    function openSoup(bytes32 soupId, bytes32 weightsRoot) external;

    // ---- views

    /// @notice Non-zero means final.
    function weightsRoot(bytes32 soupId) external view returns (bytes32);

    function pot(bytes32 soupId, address token) external view returns (uint128 received, uint128 paid);

    function claimed(bytes32 soupId, address token, uint256 index) external view returns (uint256);

    /// @notice What `claim` would pay to this interval now; the interval is not proven here.
    function due(bytes32 soupId, address token, uint256 index, uint256 start, uint256 end)
        external
        view
        returns (uint256);

    /// @return amount in escrow, announced part included
    /// @return announced amount of the announced withdrawal
    /// @return notBefore block time from which it can be made
    function escrow(address payer, address token)
        external
        view
        returns (uint128 amount, uint128 announced, uint40 notBefore);

    /// @notice Cumulative amount already drawn by a payer's vouchers for a soup.
    function drawn(bytes32 soupId, address token, address payer) external view returns (uint256);

    /// @notice ERC-2981: `id` is a soupId. The receiver is this contract: pay with `pay`, which knows the soup.
    function royaltyInfo(uint256 id, uint256 price) external view returns (address receiver, uint256 amount);

    /// @notice LP-106 view of an interval, in basis points, rounded down.
    function shareBps(uint256 start, uint256 end) external pure returns (uint256);

    function domainSeparator() external view returns (bytes32);

    function SOUPS() external view returns (address);

    function IDENTITIES() external view returns (address);

    function ROYALTY_TOKEN() external view returns (address);

    function ROYALTY_BPS() external view returns (uint256);

    function ESCROW_DELAY() external view returns (uint256);
}
