package io.bitdelta.engine.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes hostile inputs from good ones: flips, cuts, repeats, splices, and numbers and words that parsers trip over. */
final class Mutator {
    private static final String[] WORDS = {
        "-1", "0", "9223372036854775807", "18446744073709551616", "1e400", "NaN", "null", "[]", "{}", "\"\"", "\\ud800",
        "[[[[[[[[", "F32", "BF16", "U8", "data_offsets", "shape", "group:999999999", "\u0000", "lowrank", "sign", "full"
    };

    private final Random random;

    Mutator(long seed) {
        this.random = new Random(seed);
    }

    byte[] mutate(List<byte[]> corpus) {
        byte[] bytes = corpus.get(random.nextInt(corpus.size())).clone();
        int rounds = 1 + random.nextInt(6);
        for (int i = 0; i < rounds; i++) {
            bytes = once(bytes, corpus);
        }
        return bytes;
    }

    private byte[] once(byte[] bytes, List<byte[]> corpus) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(7)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 3 -> {
                int end = Math.min(bytes.length, at + 1 + random.nextInt(16));
                return join(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, end, bytes.length));
            }
            case 4 -> {
                byte[] word = WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
                return join(join(Arrays.copyOf(bytes, at), word), Arrays.copyOfRange(bytes, at, bytes.length));
            }
            case 5 -> {
                byte[] other = corpus.get(random.nextInt(corpus.size()));
                return other.length == 0
                        ? bytes
                        : join(
                                Arrays.copyOf(bytes, at),
                                Arrays.copyOfRange(other, random.nextInt(other.length), other.length));
            }
            default -> {
                int end = Math.min(bytes.length, at + 8);
                byte fill = (byte) (random.nextBoolean() ? 0xFF : 0x7F);
                Arrays.fill(bytes, at, end, fill);
            }
        }
        return bytes;
    }

    private static byte[] join(byte[] left, byte[] right) {
        byte[] joined = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, joined, left.length, right.length);
        return joined;
    }
}
