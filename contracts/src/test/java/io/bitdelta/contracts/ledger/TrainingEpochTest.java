package io.bitdelta.contracts.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Hash;

class TrainingEpochTest {
    private static final byte[] FORK = Hash.sha3(new byte[] {1});
    private static final byte[] ZERO = new byte[32];

    @Property(tries = 200)
    void exactlyTheRecordsOfAnEpochAreProved(@ForAll @IntRange(min = 1, max = 33) int count, @ForAll int seed) {
        TrainingEpoch epoch = TrainingEpoch.of(FORK, 7, ZERO, records(count, seed));
        int at = Math.floorMod(seed, count);
        byte[] previous = at == 0
                ? ZERO
                : TrainingEpoch.of(FORK, 7, ZERO, records(at, seed)).lastLeaf();
        byte[] record = records(count, seed).get(at);
        assertThat(verify(epoch, epoch.anchor(), 7 + at, record, previous)).isTrue();
        assertThat(verify(epoch, epoch.anchor(), 7 + at, Hash.sha3(record), previous))
                .isFalse();
        assertThat(verify(epoch, epoch.anchor(), 7 + at, record, Hash.sha3(previous)))
                .isFalse();
        assertThat(verify(epoch, epoch.root(), 7 + at, record, previous)).isFalse();
        if (count > 1) {
            long other = 7L + (at + 1) % count;
            assertThat(verify(epoch, epoch.anchor(), other, record, previous)).isFalse();
        }
    }

    @Test
    void badInputIsNamed() {
        assertThatThrownBy(() -> TrainingEpoch.of(new byte[31], 0, ZERO, records(1, 0)))
                .hasMessageContaining("forkId has 31 bytes");
        assertThatThrownBy(() -> TrainingEpoch.of(FORK, 0, ZERO, List.of())).hasMessageContaining("0 records");
        TrainingEpoch epoch = TrainingEpoch.of(FORK, 3, ZERO, records(2, 0));
        assertThatThrownBy(() -> epoch.proof(5)).hasMessageContaining("operation 5");
    }

    private static boolean verify(TrainingEpoch epoch, byte[] anchor, long opId, byte[] record, byte[] previous) {
        return TrainingEpoch.verify(
                anchor,
                FORK,
                epoch.root(),
                epoch.firstOpId(),
                epoch.lastOpId(),
                opId,
                record,
                previous,
                epoch.proof(opId));
    }

    private static List<byte[]> records(int count, int seed) {
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(Hash.sha3(new byte[] {(byte) seed, (byte) (seed >> 8), (byte) i}));
        }
        return records;
    }
}
