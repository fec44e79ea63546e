package io.bitdelta.node.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class PlantedFraudTest {
    @Property(tries = 200)
    void forgedWordsGiveWhateverIsClaimed(@ForAll @IntRange(min = 1, max = 20) int members, @ForAll long seed) {
        Random random = new Random(seed);
        List<BigInteger> truth = IntStream.range(0, members)
                .mapToObj(i -> new BigInteger(256, random))
                .toList();
        BigInteger claimed = new BigInteger(256, random);
        List<BigInteger> forged = PlantedFraud.forgedWords(truth, claimed);
        for (int bit = 0; bit < 256; bit++) {
            int at = bit;
            long ones = forged.stream().filter(word -> word.testBit(at)).count();
            assertThat(ones >= (members + 1) / 2).isEqualTo(claimed.testBit(bit));
        }
    }
}
