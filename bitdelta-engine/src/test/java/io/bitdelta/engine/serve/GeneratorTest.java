package io.bitdelta.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.model.ContextExceededException;
import io.bitdelta.engine.model.DeltaWeights;
import io.bitdelta.engine.model.EmptyTextException;
import io.bitdelta.engine.model.KernelCausalLm;
import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.model.TextTokenizer;
import io.bitdelta.engine.model.TokenizerException;
import io.bitdelta.engine.model.TokenizerMismatchException;
import io.bitdelta.engine.model.WrongDeltaException;
import io.bitdelta.engine.tensor.WeightsHash;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GeneratorTest {
    private static final Path BASE = TestModels.tiny("base");

    @TempDir
    Path folder;

    private Workers workers;
    private ModelWeights weights;
    private TextTokenizer tokenizer;
    private KernelCausalLm model;

    @BeforeEach
    void open() throws IOException {
        workers = Workers.of(2);
        weights = ModelWeights.open(BASE);
        tokenizer = TextTokenizer.open(BASE, weights.config());
        model = new KernelCausalLm(weights, null, workers);
    }

    @AfterEach
    void close() {
        tokenizer.close();
        weights.close();
        workers.close();
    }

    private Path delta(String user) throws IOException {
        Path file = folder.resolve(user);
        if (!Files.exists(file)) {
            DeltaCompressor.compress(BASE, TestModels.tiny(user), file, CompressOptions.defaults(), Progress.NONE);
        }
        return file;
    }

    private Hash32 baseHash() {
        return WeightsHash.of(weights.checkpoint(), Progress.NONE);
    }

    private String text(@Nullable DeltaWeights delta, String prompt, Sampler sampler) {
        return new Generator(model, tokenizer)
                .generate(tokenizer.encode(prompt), delta, 24, sampler, piece -> {})
                .text();
    }

    @Test
    void aSeedFixesTheTextAndPiecesAreTheText() {
        List<String> pieces = new ArrayList<>();
        Generator.Result result = new Generator(model, tokenizer)
                .generate(
                        tokenizer.encode("The government"),
                        null,
                        24,
                        Sampler.temperature(0.8, new Random(3)),
                        pieces::add);
        assertThat(String.join("", pieces)).isEqualTo(result.text());
        assertThat(result.tokens()).isBetween(1, 24);
        assertThat(text(null, "The government", Sampler.temperature(0.8, new Random(3))))
                .isEqualTo(result.text());
        assertThat(text(null, "The government", Sampler.temperature(0.8, new Random(4))))
                .isNotEqualTo(result.text());
        assertThat(text(null, "The government", Sampler.temperature(0, new Random(4))))
                .isEqualTo(text(null, "The government", Sampler.greedy()));
    }

    @Test
    void everyUserSpeaksInTheirOwnVoice() throws IOException {
        Hash32 base = baseHash();
        try (DeltaWeights a = DeltaWeights.open(delta("user-a"), weights, base);
                DeltaWeights c = DeltaWeights.open(delta("user-c"), weights, base)) {
            String plain = text(null, "def ", Sampler.greedy());
            String python = text(c, "def ", Sampler.greedy());
            assertThat(python).isNotEqualTo(plain);
            assertThat(text(a, "def ", Sampler.greedy())).isNotEqualTo(python);
        }
    }

    @Test
    void promptsThatCannotBeContinuedAreRefused() {
        Generator generator = new Generator(model, tokenizer);
        assertThatThrownBy(() -> generator.generate(new int[0], null, 1, Sampler.greedy(), piece -> {}))
                .isInstanceOf(EmptyTextException.class);
        assertThatThrownBy(() -> generator.generate(new int[256], null, 1, Sampler.greedy(), piece -> {}))
                .isInstanceOf(ContextExceededException.class)
                .hasMessageContaining("257")
                .hasMessageContaining("256");
        Generator.Result last = generator.generate(new int[255], null, 99, Sampler.greedy(), piece -> {});
        assertThat(last.tokens()).isLessThanOrEqualTo(1);
    }

    @Test
    void tokenizersAreCheckedAgainstTheModel() throws IOException {
        assertThatThrownBy(() -> TextTokenizer.open(folder))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("no such file");
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertThatThrownBy(() -> TextTokenizer.open(folder)).isInstanceOf(TokenizerException.class);
        String json = Files.readString(BASE.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("tokenizer.json"), json.replaceFirst("\"id\": ?2045", "\"id\": 2048"));
        assertThatThrownBy(() -> TextTokenizer.open(folder, weights.config()))
                .isInstanceOf(TokenizerMismatchException.class)
                .hasMessageContaining("2047");
        String text = "Zoë said: \"2 < 3\"\n\tdef f(x):  # 漢字";
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        assertThat(tokenizer.specialToken("<|endoftext|>")).isEqualTo(2045);
    }

    @Test
    void theCacheMapsADeltaOnceAndNeverUnmapsOneInUse() throws IOException {
        Path a = delta("user-a");
        Path b = delta("user-b");
        Hash32 base = baseHash();
        Hash32 hashA;
        Hash32 hashB;
        try (DeltaWeights one = DeltaWeights.open(a, weights, base);
                DeltaWeights two = DeltaWeights.open(b, weights, base)) {
            hashA = one.fileHash();
            hashB = two.fileHash();
        }
        DeltaCache cache = new DeltaCache(weights, base, 1);
        DeltaCache.Lease first = cache.take(hashA, a);
        try (DeltaCache.Lease again = cache.take(hashA, a)) {
            assertThat(again.delta()).isSameAs(first.delta());
        }
        DeltaCache.Lease other = cache.take(hashB, b);
        assertThat(cache.size()).isEqualTo(2);
        assertThat(text(first.delta(), "KING", Sampler.greedy())).isNotEmpty();
        first.close();
        first.close();
        assertThat(cache.size()).isEqualTo(1);
        assertThatThrownBy(first::delta).isInstanceOf(IllegalStateException.class);
        cache.close();
        assertThat(text(other.delta(), "KING", Sampler.greedy())).isNotEmpty();
        other.close();
        assertThatThrownBy(() -> cache.take(hashA, a)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anotherFileUnderAKnownNameIsNeverServed() throws IOException {
        Path a = delta("user-a");
        Hash32 base = baseHash();
        Hash32 hashB;
        try (DeltaWeights two = DeltaWeights.open(delta("user-b"), weights, base)) {
            hashB = two.fileHash();
        }
        try (DeltaCache cache = new DeltaCache(weights, base, 4)) {
            assertThatThrownBy(() -> cache.take(hashB, a))
                    .isInstanceOf(WrongDeltaException.class)
                    .hasMessageContaining(hashB.hex());
            assertThat(cache.size()).isZero();
        }
    }
}
