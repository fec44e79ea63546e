package io.bitdelta.ipfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Replays the corpus (good input, and what a coverage-guided fuzzer found worth keeping) and mutates it. */
final class DecoderFuzzTest {
    private static final long SEED = 20261121;
    private static final int QUICK = 40_000;

    private record Input(DecoderTarget target, String hex) {
        byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }
    }

    @Test
    void everyInputOfTheCorpusIsAValueOrANamedRefusal() throws IOException {
        List<Input> corpus = corpus();
        for (Input input : corpus) {
            decode(input.target, input.bytes(), "corpus");
        }
        assertThat(corpus.stream().map(Input::target).collect(Collectors.toSet()))
                .isEqualTo(EnumSet.allOf(DecoderTarget.class));
    }

    @Test
    void mutatedInputIsAValueOrANamedRefusal() throws IOException {
        assertThat(fuzz(SEED, QUICK, Long.MAX_VALUE)).isEqualTo(QUICK);
    }

    @Test
    @Tag("long")
    void mutatedInputForALongTime() throws IOException {
        long seed = Long.getLong("bitdelta.seed", System.nanoTime());
        int seconds = Integer.getInteger("bitdelta.fuzzSeconds", 600);
        long executions = fuzz(seed, Long.MAX_VALUE, System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
        Files.writeString(
                Path.of(System.getProperty("bitdelta.home"), "ipfs-store/target/fuzz-result.txt"),
                executions + " executions in " + seconds + " s, seed " + seed + ", no finding\n");
    }

    private static long fuzz(long seed, long rounds, long deadline) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<Input> corpus = corpus();
        long done = 0;
        while (done < rounds && System.nanoTime() < deadline) {
            Input input = corpus.get(random.nextInt(corpus.size()));
            decode(input.target, mutate(input.bytes(), random), "seed " + seed + ", round " + done);
            done++;
        }
        return done;
    }

    private static void decode(DecoderTarget target, byte[] input, String context) throws IOException {
        try {
            target.decode(input);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError(
                    context + ", " + target + " " + HexFormat.of().formatHex(input), e);
        }
    }

    /** One input per line: the target and hexadecimal bytes. */
    private static List<Input> corpus() throws IOException {
        List<Input> corpus = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(DecoderFuzzTest.class.getResourceAsStream("/fuzz/corpus.txt")),
                StandardCharsets.US_ASCII))) {
            for (String line : lines.lines().toList()) {
                String[] words = line.split(" ", 2);
                corpus.add(new Input(DecoderTarget.valueOf(words[0]), words[1]));
            }
        }
        return corpus;
    }

    private static byte[] mutate(byte[] input, RandomGenerator random) {
        byte[] output = input.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && output.length > 0; i++) {
            int at = random.nextInt(output.length);
            switch (random.nextInt(5)) {
                case 0 -> output[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> output[at] = (byte) random.nextInt(256);
                case 2 -> output = Arrays.copyOf(output, at);
                case 3 -> {
                    byte[] longer = new byte[output.length + 1];
                    System.arraycopy(output, 0, longer, 0, at);
                    longer[at] = (byte) random.nextInt(256);
                    System.arraycopy(output, at, longer, at + 1, output.length - at);
                    output = longer;
                }
                default -> output[at] = random.nextBoolean() ? (byte) 0xff : 0x7f;
            }
        }
        return output;
    }
}
