package io.bitdelta.node.soup.dispute;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the members' words out of the calldata of an {@code answer}. */
final class AnsweredWords {
    private static final int SELECTOR = 2 + 8;
    private static final int WORD = 64;
    /** caseId and the header's 18 fields stand before the offset of the words. */
    private static final int WORDS_OFFSET_AT = 1 + 18;

    private AnsweredWords() {}

    /**
     * The words, or empty when this is not such a call (it may have been made through another contract).
     *
     * @param input 0x-hex; untrusted
     * @param members how many words there must be
     */
    static Optional<List<BigInteger>> of(String input, long members) {
        Optional<BigInteger> offset = word(input, WORDS_OFFSET_AT);
        if (offset.isEmpty() || offset.get().bitLength() > 31 || offset.get().intValueExact() % 32 != 0) {
            return Optional.empty();
        }
        int at = offset.get().intValueExact() / 32;
        Optional<BigInteger> count = word(input, at);
        if (count.isEmpty() || !count.get().equals(BigInteger.valueOf(members))) {
            return Optional.empty();
        }
        List<BigInteger> words = new ArrayList<>();
        for (int i = 1; i <= members; i++) {
            Optional<BigInteger> word = word(input, at + i);
            if (word.isEmpty()) {
                return Optional.empty();
            }
            words.add(word.get());
        }
        return Optional.of(words);
    }

    private static Optional<BigInteger> word(String input, int index) {
        long from = SELECTOR + (long) index * WORD;
        return from + WORD > input.length()
                ? Optional.empty()
                : Optional.of(new BigInteger(input.substring((int) from, (int) from + WORD), 16));
    }
}
