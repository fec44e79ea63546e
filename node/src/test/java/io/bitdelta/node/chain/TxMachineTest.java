package io.bitdelta.node.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.chain.TxMachine.Act;
import io.bitdelta.node.chain.TxMachine.Receipt;
import io.bitdelta.node.chain.TxMachine.Sight;
import io.bitdelta.node.chain.TxMachine.Step;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Laws of the outbox's state machine, for every state and everything that can be seen. */
final class TxMachineTest {
    /** Which states may follow which; a state may always stay. */
    private static final Map<TxState, Set<TxState>> MAY_FOLLOW = Map.of(
            TxState.WAITING_FEE,
                    EnumSet.of(
                            TxState.SIGNED,
                            TxState.SUBMITTED,
                            TxState.CANCELLING,
                            TxState.MINED,
                            TxState.CONFIRMED,
                            TxState.FAILED,
                            TxState.EXPIRED),
            TxState.SIGNED,
                    EnumSet.of(
                            TxState.WAITING_FEE,
                            TxState.SUBMITTED,
                            TxState.CANCELLING,
                            TxState.MINED,
                            TxState.CONFIRMED,
                            TxState.FAILED,
                            TxState.EXPIRED),
            TxState.SUBMITTED,
                    EnumSet.of(
                            TxState.WAITING_FEE,
                            TxState.CANCELLING,
                            TxState.MINED,
                            TxState.CONFIRMED,
                            TxState.FAILED,
                            TxState.EXPIRED),
            TxState.CANCELLING,
                    // Back only when a reorg has turned the chain's clock back before a cancellation was signed.
                    EnumSet.of(
                            TxState.WAITING_FEE,
                            TxState.SUBMITTED,
                            TxState.MINED,
                            TxState.CONFIRMED,
                            TxState.FAILED,
                            TxState.EXPIRED),
            TxState.MINED,
                    EnumSet.of(
                            TxState.WAITING_FEE,
                            TxState.SUBMITTED,
                            TxState.CANCELLING,
                            TxState.CONFIRMED,
                            TxState.FAILED,
                            TxState.EXPIRED),
            TxState.CONFIRMED, EnumSet.noneOf(TxState.class),
            TxState.FAILED, EnumSet.noneOf(TxState.class),
            TxState.EXPIRED, EnumSet.noneOf(TxState.class));

    @Provide
    Arbitrary<TxState> states() {
        return Arbitraries.of(TxState.class);
    }

    /** Everything that can be seen of an entry in a state: a state before its nonce has no attempts, others have some. */
    @Provide
    Arbitrary<Sight> sights() {
        Arbitrary<Boolean> bit = Arbitraries.of(true, false);
        Arbitrary<Receipt> receipts = Combinators.combine(bit, bit, bit)
                .as((cancel, executed, deep) -> new Receipt(cancel, executed, deep))
                .injectNull(0.6);
        return Combinators.combine(bit, receipts, bit, bit, bit, bit, bit, bit)
                .as((signed, receipt, passed, cancelled, stalled, replaceable, priced, expired) -> new Sight(
                        signed,
                        signed ? receipt : null,
                        signed && passed,
                        signed && cancelled,
                        signed && stalled,
                        signed && replaceable,
                        priced,
                        expired));
    }

    private static boolean possible(TxState from, Sight sight) {
        boolean cancelSeen = sight.receipt() != null && sight.receipt().cancel();
        return (sight.signed() || from == TxState.WAITING_FEE)
                && (!sight.cancelled() || from == TxState.CANCELLING || from == TxState.MINED)
                && (!cancelSeen || from == TxState.CANCELLING || from == TxState.MINED);
    }

    @Property
    void onlyTheDrawnArrowsExist(@ForAll("states") TxState from, @ForAll("sights") Sight sight) {
        if (possible(from, sight)) {
            TxState to = TxMachine.next(from, sight).to();
            assertThat(to == from || MAY_FOLLOW.getOrDefault(from, Set.of()).contains(to))
                    .as("%s to %s at %s", from, to, sight)
                    .isTrue();
        }
    }

    @Property
    void nothingHappensAfterTheEnd(@ForAll("states") TxState from, @ForAll("sights") Sight sight) {
        if (from.isFinal()) {
            assertThat(TxMachine.next(from, sight)).isEqualTo(new Step(from, Act.NONE));
        }
    }

    @Property
    void aReceiptDecidesAlone(@ForAll("states") TxState from, @ForAll("sights") Sight sight) {
        Receipt receipt = sight.receipt();
        if (!from.isFinal() && receipt != null) {
            Step step = TxMachine.next(from, sight);
            assertThat(step.act()).isEqualTo(Act.NONE);
            assertThat(step.to().isFinal()).isEqualTo(receipt.deep());
            assertThat(step.to() == TxState.CONFIRMED)
                    .isEqualTo(receipt.deep() && receipt.executed() && !receipt.cancel());
        }
    }

    @Property
    void whatHasExpiredIsNeverSignedAgain(@ForAll("states") TxState from, @ForAll("sights") Sight sight) {
        if (sight.expired()) {
            assertThat(TxMachine.next(from, sight).act()).isNotIn(Act.SIGN, Act.REPLACE);
        }
    }

    @Property
    void nothingIsSignedAboveTheCap(@ForAll("states") TxState from, @ForAll("sights") Sight sight) {
        Act act = TxMachine.next(from, sight).act();
        if (act == Act.REPLACE || act == Act.CANCEL) {
            assertThat(sight.replaceable()).isTrue();
        }
        if (act == Act.SIGN) {
            assertThat(sight.priced()).isTrue();
        }
    }

    @Property
    void aFirstSignatureComesOnceAndBeforeAnythingIsSent(
            @ForAll("states") TxState from, @ForAll("sights") Sight sight) {
        Act act = TxMachine.next(from, sight).act();
        if (act == Act.SIGN) {
            assertThat(sight.signed()).isFalse();
        } else if (act != Act.NONE) {
            assertThat(sight.signed()).isTrue();
        }
    }
}
