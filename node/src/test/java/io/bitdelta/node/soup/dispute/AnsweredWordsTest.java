package io.bitdelta.node.soup.dispute;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class AnsweredWordsTest {
    private static final String SELECTOR = "0x01234567";

    private static String word(BigInteger value) {
        return "%064x".formatted(value);
    }

    private static String calldata(List<BigInteger> words) {
        String head = IntStream.range(0, 19)
                .mapToObj(i -> word(BigInteger.valueOf(i)))
                .collect(Collectors.joining());
        BigInteger offset = BigInteger.valueOf(20 * 32);
        return SELECTOR
                + head
                + word(offset)
                + word(BigInteger.valueOf(words.size()))
                + words.stream().map(AnsweredWordsTest::word).collect(Collectors.joining());
    }

    @Property(tries = 100)
    void theWordsOfACallAreRead(@ForAll @Size(max = 40) List<@IntRange(min = 0) Integer> values) {
        List<BigInteger> words = values.stream().map(BigInteger::valueOf).toList();
        assertThat(AnsweredWords.of(calldata(words), words.size())).contains(words);
        assertThat(AnsweredWords.of(calldata(words), words.size() + 1L)).isEmpty();
    }

    @Property(tries = 500)
    void foreignCalldataGivesNothing(@ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 1000) int members) {
        String input = SELECTOR + HexFormat.of().formatHex(bytes);
        AnsweredWords.of(input, members).ifPresent(words -> assertThat(words).hasSize(members));
    }

    @Test
    void anOffsetBeyondTheEndIsNoAnswer() {
        String input = calldata(List.of(BigInteger.ONE));
        String hostile = input.replace(word(BigInteger.valueOf(640)), word(BigInteger.TWO.pow(255)));
        assertThat(AnsweredWords.of(hostile, 1)).isEmpty();
    }
}
