package io.bitdelta.node.royalty.ledger;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import java.math.BigInteger;

/** Money that moved in the royalties contract. All amounts are positive or zero, in the token's smallest unit. */
public sealed interface MoneyEvent {
    /** When and where. */
    Moment at();

    /** In what; the zero address is the native currency. */
    EvmAddress token();

    /** A payment arrived in a soup's pot. */
    record Paid(Moment at, Bytes32 soupId, EvmAddress token, EvmAddress payer, BigInteger received)
            implements MoneyEvent {}

    /** A voucher moved escrow into a soup's pot. */
    record Settled(
            Moment at, Bytes32 soupId, EvmAddress token, EvmAddress payer, BigInteger cumulative, BigInteger amount)
            implements MoneyEvent {}

    /** A leaf's share left a soup's pot for {@code to}. */
    record Claimed(
            Moment at,
            Bytes32 soupId,
            EvmAddress token,
            long leaf,
            EvmAddress identity,
            EvmAddress to,
            BigInteger amount)
            implements MoneyEvent {}

    /** A leaf's share moved from a child soup's pot into its parent's. */
    record Pulled(Moment at, Bytes32 child, EvmAddress token, long leaf, Bytes32 parent, BigInteger amount)
            implements MoneyEvent {}

    /** A payer put money behind its vouchers. */
    record Deposited(Moment at, EvmAddress token, EvmAddress payer, BigInteger received) implements MoneyEvent {}

    /** A payer took its escrow back. */
    record Withdrawn(Moment at, EvmAddress token, EvmAddress payer, BigInteger amount) implements MoneyEvent {}
}
