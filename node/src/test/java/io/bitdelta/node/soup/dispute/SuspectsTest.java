package io.bitdelta.node.soup.dispute;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.engine.commit.LeafKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Whoever was given a false vote stands early in the list. */
final class SuspectsTest {
    private static final int WORD = 256;

    /** Forges as few members as needed to turn one coordinate: the first of them is found among half the members plus one. */
    @Property(tries = 200)
    void aForgedMemberIsAmongTheFirstHalfAndOne(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int members) {
        Random random = new Random(seed);
        List<BigInteger> truth = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            truth.add(new BigInteger(WORD, random));
        }
        BigInteger vote = vote(truth);
        int bit = random.nextInt(WORD);
        BigInteger claimed = vote.flipBit(bit);
        List<BigInteger> forged = new ArrayList<>(truth);
        List<Integer> shuffled =
                new ArrayList<>(IntStream.range(0, members).boxed().toList());
        java.util.Collections.shuffle(shuffled, random);
        for (int member : shuffled) {
            if (vote(forged).equals(claimed)) {
                break;
            }
            if (truth.get(member).testBit(bit) != claimed.testBit(bit)) {
                forged.set(member, truth.get(member).flipBit(bit));
            }
        }
        assertThat(vote(forged)).isEqualTo(claimed);
        List<Integer> ranked = Suspects.ranked(LeafKind.SIGNS, truth, claimed);
        assertThat(ranked).hasSize(members).doesNotHaveDuplicates();
        int first = IntStream.range(0, members)
                .filter(place -> !forged.get(ranked.get(place)).equals(truth.get(ranked.get(place))))
                .findFirst()
                .orElseThrow();
        assertThat(first).isLessThanOrEqualTo(members / 2);
    }

    @Test
    void aWholeForgedWordPointsAtTheOneWhoVotedOtherwiseEverywhere() {
        BigInteger ones = BigInteger.ONE.shiftLeft(WORD).subtract(BigInteger.ONE);
        List<BigInteger> truth = List.of(ones, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO.setBit(3));
        assertThat(Suspects.ranked(LeafKind.SIGNS, truth, ones))
                .startsWith(1, 2, 3)
                .endsWith(0);
        assertThat(Suspects.ranked(LeafKind.SCALES, truth, ones)).containsExactly(0, 1, 2, 3);
    }

    private static BigInteger vote(List<BigInteger> words) {
        BigInteger vote = BigInteger.ZERO;
        for (int bit = 0; bit < WORD; bit++) {
            int at = bit;
            if (2 * words.stream().filter(word -> word.testBit(at)).count() >= words.size()) {
                vote = vote.setBit(bit);
            }
        }
        return vote;
    }
}
