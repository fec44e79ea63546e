package io.bitdelta.node.chain;

import org.jspecify.annotations.Nullable;

/**
 * The state machine of one intended transaction: from where it stands and what was seen, to where it goes and what is to
 * be done. Pure; whoever carries out an act stores before it sends.
 *
 * <pre>
 *   (intent) --affordable--> SIGNED --accepted--> SUBMITTED --receipt--> MINED --deep--> CONFIRMED | FAILED
 *       |                       ^                  |  ^  |                 |
 *       +--too dear--> WAITING_FEE <--too dear-----+  |  +--expired--> CANCELLING --deep--> EXPIRED
 *                          |                          +--reorg-------------+
 *                          +--expired, unsigned--> EXPIRED
 * </pre>
 */
final class TxMachine {
    private TxMachine() {}

    /** What is to be done. */
    enum Act {
        NONE,
        /** Allocate a nonce and sign the first attempt. */
        SIGN,
        /** Sign the call again with a higher fee. */
        REPLACE,
        /** Sign an empty transaction with the same nonce and a higher fee. */
        CANCEL,
        /** Send the newest attempt again. */
        BROADCAST
    }

    /**
     * A receipt of one of the attempts.
     *
     * @param cancel whether it is the cancellation's
     * @param executed whether it did not revert
     * @param deep whether enough blocks are above it
     */
    record Receipt(boolean cancel, boolean executed, boolean deep) {}

    /**
     * What was seen.
     *
     * @param signed whether there is an attempt, and so a nonce
     * @param receipt of any attempt
     * @param noncePassed whether the nonce is used in a final block, and by none of the attempts
     * @param cancelled whether the newest attempt is a cancellation
     * @param stalled whether the newest attempt is older than patience
     * @param replaceable whether a fee that replaces the newest attempt is under the cap
     * @param priced whether the newest attempt, or for an unsigned one a capped fee, pays today's price
     * @param expired whether what the call rests on has expired
     */
    record Sight(
            boolean signed,
            @Nullable Receipt receipt,
            boolean noncePassed,
            boolean cancelled,
            boolean stalled,
            boolean replaceable,
            boolean priced,
            boolean expired) {}

    /**
     * The next step.
     *
     * @param to the state after it
     * @param act done before the state is noted, but for a broadcast, which comes after
     */
    record Step(TxState to, Act act) {}

    static Step next(TxState from, Sight sight) {
        if (from.isFinal()) {
            return new Step(from, Act.NONE);
        }
        Receipt receipt = sight.receipt();
        if (receipt != null) {
            return new Step(receipt.deep() ? outcome(receipt) : TxState.MINED, Act.NONE);
        }
        if (sight.noncePassed()) {
            return new Step(TxState.FAILED, Act.NONE);
        }
        return sight.signed() ? pending(from, sight) : unsigned(sight);
    }

    private static TxState outcome(Receipt receipt) {
        if (receipt.cancel()) {
            return TxState.EXPIRED;
        }
        return receipt.executed() ? TxState.CONFIRMED : TxState.FAILED;
    }

    private static Step unsigned(Sight sight) {
        if (sight.expired()) {
            return new Step(TxState.EXPIRED, Act.NONE);
        }
        return sight.priced() ? new Step(TxState.SIGNED, Act.SIGN) : new Step(TxState.WAITING_FEE, Act.NONE);
    }

    private static Step pending(TxState from, Sight sight) {
        if (sight.cancelled()) {
            boolean again = sight.stalled() && sight.replaceable();
            return new Step(TxState.CANCELLING, again ? Act.CANCEL : Act.BROADCAST);
        }
        if (sight.expired()) {
            // Too dear to cancel: the contract refuses it by its deadline, so nothing is sent until fees fall.
            return new Step(TxState.CANCELLING, sight.replaceable() ? Act.CANCEL : Act.NONE);
        }
        if (sight.stalled() && sight.replaceable()) {
            return new Step(from == TxState.SIGNED ? TxState.SIGNED : TxState.SUBMITTED, Act.REPLACE);
        }
        if (!sight.priced()) {
            return new Step(TxState.WAITING_FEE, Act.BROADCAST);
        }
        return new Step(from == TxState.SIGNED ? TxState.SIGNED : TxState.SUBMITTED, Act.BROADCAST);
    }
}
