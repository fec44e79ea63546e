package io.bitdelta.node.soup.dispute;

import io.bitdelta.engine.commit.LeafKind;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * In which order to ask members for their words, when an answer's words are hidden and the result is wrong.
 *
 * <p>Where a coordinate's sign is wrong, some of the {@code c} members who really voted against it must have been given a
 * false vote: all but at most half of all members. So each of them is forged with a probability of at least
 * {@code (c - half) / c}, and a member's suspicion is the sum of that over the wrong coordinates.
 */
final class Suspects {
    private static final int BITS = 256;

    private Suspects() {}

    /**
     * All members, the most suspicious first, equals in their order.
     *
     * @param truth their true words
     * @param claimed the result's word
     */
    static List<Integer> ranked(LeafKind tree, List<BigInteger> truth, BigInteger claimed) {
        double[] suspicion = new double[truth.size()];
        if (tree == LeafKind.SIGNS) {
            for (int bit = 0; bit < BITS; bit++) {
                suspect(truth, bit, claimed.testBit(bit), suspicion);
            }
        }
        return IntStream.range(0, truth.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer member) -> -suspicion[member]))
                .toList();
    }

    private static void suspect(List<BigInteger> truth, int bit, boolean claimed, double[] suspicion) {
        int members = truth.size();
        int ones = (int) truth.stream().filter(word -> word.testBit(bit)).count();
        // A tie is 1.
        boolean majority = 2 * ones >= members;
        if (majority == claimed) {
            return;
        }
        int against = claimed ? members - ones : ones;
        int honest = claimed ? members / 2 : (members + 1) / 2 - 1;
        double each = (double) (against - honest) / against;
        for (int member = 0; member < members; member++) {
            if (truth.get(member).testBit(bit) != claimed) {
                suspicion[member] += each;
            }
        }
    }
}
