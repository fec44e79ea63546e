package io.bitdelta.node.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.fault.FaultPoint;
import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.store.DatabaseKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/** Random sequences of requests, crashes and a chain's misfortunes, against a model that counts: once per purpose. */
final class OutboxSequencesTest {
    private static final Finality FINALITY =
            new Finality(4, Duration.ofMillis(-1), Duration.ofMillis(1), Duration.ofSeconds(20));

    /** What may happen. */
    enum Event {
        SUBMIT,
        SUBMIT_AGAIN,
        ADVANCE,
        MINE,
        LOSE_MEMPOOL,
        REORG,
        SPIKE,
        CALM,
        CRASH_NEXT
    }

    /** An event and a number that chooses its details. */
    record Move(Event event, int detail) {}

    /** The process ended here. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Provide
    Arbitrary<List<Move>> stories() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(5, Event.SUBMIT),
                                Tuple.of(3, Event.SUBMIT_AGAIN),
                                Tuple.of(6, Event.ADVANCE),
                                Tuple.of(6, Event.MINE),
                                Tuple.of(2, Event.LOSE_MEMPOOL),
                                Tuple.of(2, Event.REORG),
                                Tuple.of(1, Event.SPIKE),
                                Tuple.of(2, Event.CALM),
                                Tuple.of(4, Event.CRASH_NEXT)),
                        Arbitraries.integers().between(0, 1000))
                .as((event, detail) -> new Move(event, detail))
                .list()
                .ofMinSize(8)
                .ofMaxSize(40);
    }

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void everyPurposeTakesEffectOnce(@ForAll("stories") List<Move> story) throws IOException {
        Path folder = Files.createTempDirectory("outbox");
        try (OutboxHouse house = new OutboxHouse(folder, DatabaseKind.SQLITE, 2)) {
            // The counter's own creation is deeper than any reorg.
            house.chain.client().rpc("anvil_mine", "0x5");
            house.automine(false);
            new Play(house).run(story);
        }
    }

    /** One story. */
    private static final class Play {
        private final OutboxHouse house;
        private final Set<String> purposes = new HashSet<>();
        private int crashAfter = -1;

        Play(OutboxHouse house) {
            this.house = house;
        }

        void run(List<Move> story) {
            for (Move move : story) {
                try {
                    play(move);
                } catch (Crash crash) {
                    crashAfter = -1;
                }
            }
            crashAfter = -1;
            house.baseFee(1);
            for (int looks = 0; looks < 60 && !settled(); looks++) {
                quietly(() -> outbox().advance());
                house.mine();
            }
            purposes.forEach(purpose -> assertThat(outbox().find(purpose).orElseThrow())
                    .as(purpose)
                    .extracting(OutboxEntry::state)
                    .isEqualTo(TxState.CONFIRMED));
            assertThat(house.effects()).isEqualTo(purposes.size());
        }

        private boolean settled() {
            return outbox().queue().isEmpty();
        }

        private void play(Move move) {
            switch (move.event()) {
                case SUBMIT -> submit("purpose " + purposes.size());
                case SUBMIT_AGAIN -> submit("purpose " + move.detail() % (purposes.size() + 1));
                case ADVANCE -> quietly(() -> outbox().advance());
                case MINE -> house.mine();
                case LOSE_MEMPOOL -> house.chain.client().rpc("anvil_dropAllTransactions");
                case REORG -> house.chain.client().rpc("anvil_reorg", 1 + move.detail() % 3, List.of());
                case SPIKE -> house.baseFee(800);
                case CALM -> house.baseFee(1);
                case CRASH_NEXT -> crashAfter = move.detail() % 5;
            }
        }

        /** A purpose counts as intended once it is stored, whether or not the submitter lived to hear of it. */
        private void submit(String purpose) {
            try {
                quietly(() -> outbox().submit(house.call(purpose)));
            } finally {
                house.outbox(FINALITY, Faults.NONE).find(purpose).ifPresent(stored -> purposes.add(purpose));
            }
        }

        /** A node that does not take a transaction now is no news here; the entry stays. */
        private static void quietly(Runnable work) {
            try {
                work.run();
            } catch (TxRefusedException refused) {
                assertThat(refused.getMessage()).contains("stays in the outbox");
            }
        }

        private Outbox outbox() {
            return house.outbox(FINALITY, this::reach);
        }

        private void reach(FaultPoint point) {
            if (crashAfter == 0) {
                throw new Crash();
            }
            if (crashAfter > 0) {
                crashAfter--;
            }
        }
    }
}
