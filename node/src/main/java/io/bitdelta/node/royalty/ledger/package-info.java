/**
 * What the royalties contract's events add up to: who earned what, who drew what, and statements of it.
 *
 * <p>Entry: {@link io.bitdelta.node.royalty.ledger.RoyaltyBook}. The arithmetic is the contract's own ({@code Shares.sol}):
 * an interval's lifetime share is floored over lifetime receipts. Amounts are exact integers in a token's smallest unit.
 * For each token, claimable + claimed + escrow + dust = deposited, where dust is below one unit per leaf.
 */
@NullMarked
package io.bitdelta.node.royalty.ledger;

import org.jspecify.annotations.NullMarked;
