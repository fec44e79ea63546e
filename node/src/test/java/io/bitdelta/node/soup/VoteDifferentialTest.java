package io.bitdelta.node.soup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.contracts.SoupRules;
import io.bitdelta.contracts.artifact.ContractArtifact;
import io.bitdelta.engine.Progress;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.LayoutEntry;
import io.bitdelta.engine.soup.MajoritySoup;
import io.bitdelta.engine.soup.SoupRule;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainFixture;
import io.bitdelta.node.chain.EmbeddedChain;
import io.bitdelta.node.chain.RevertedException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.tx.gas.DefaultGasProvider;

/**
 * One vote, counted three times: by the engine that cooks soups, by the contract that recounts them, and here, one bit at
 * a time. A vote that differs in one bit is refused, and the refusal comes from the EVM.
 */
class VoteDifferentialTest {
    private static final String ANYBODY = "0x00000000000000000000000000000000000000aa";
    private static final int WORD = 32;

    @TempDir
    private Path folder;

    @Test
    void contractEngineAndNaiveVoteAgreeOnRandomMembers() throws Exception {
        compare(new int[] {1, 2, 3, 6, 9}, 1, 90, 20261121);
    }

    @Tag("long")
    @Test
    void theyAgreeOnManyMembersToo() throws Exception {
        compare(new int[] {4, 5, 7, 8, 15, 16, 17, 31, 33, 64, 65, 100, 129}, 3, 700, 7);
    }

    private void compare(int[] sizes, int rows, int columns, long seed) throws Exception {
        Random random = new Random(seed);
        try (EmbeddedChain chain = ChainFixture.start(folder.resolve("chain"))) {
            SoupRules rules = rules(chain.client());
            for (int n : sizes) {
                List<Path> members = members(n, rows, columns, random);
                int byzantine = random.nextInt((n + 1) / 2);
                Path soup = folder.resolve("soup");
                MajoritySoup.mix(members, soup, SoupRule.CERTIFIED, byzantine);
                check(chain.client(), rules, members, soup, byzantine, random);
                Files.delete(soup);
            }
        }
    }

    private static void check(
            ChainClient chain, SoupRules rules, List<Path> members, Path soup, int byzantine, Random random)
            throws IOException {
        List<DeltaFile> open = new ArrayList<>();
        try (DeltaFile result = DeltaFile.open(soup)) {
            for (Path member : members) {
                open.add(DeltaFile.open(member));
            }
            LayoutEntry.Sign sign = result.header().signs().getFirst();
            MemorySegment signs = result.signs(sign, 0);
            MemorySegment abstain = result.abstain(sign).orElseThrow();
            for (long at = 0; at < sign.planeBytes(); at += WORD) {
                List<BigInteger> words = new ArrayList<>();
                for (DeltaFile member : open) {
                    words.add(word(member.signs(sign, 0), at));
                }
                BigInteger vote = word(signs, at);
                BigInteger none = word(abstain, at);
                assertThat(naive(words, (words.size() + 1) / 2)).isEqualTo(vote);
                BigInteger sure = naive(words, (words.size() + byzantine) / 2 + 1);
                BigInteger reached = naive(words, (words.size() - byzantine + 1) / 2);
                assertThat(reached.andNot(sure)).isEqualTo(none);
                BigInteger liars = BigInteger.valueOf(byzantine);
                String what = "recount of " + words.size();
                chain.read(what, rules.recountMajority(words, vote));
                chain.read(what, rules.recountCertified(words, liars, vote, none));
                int bit = random.nextInt(256);
                refused(
                        chain,
                        rules,
                        rules.recountMajority(words, vote.flipBit(bit)).encodeFunctionCall(),
                        "VoteMismatch");
                refused(
                        chain,
                        rules,
                        rules.recountCertified(words, liars, vote, none.flipBit(bit))
                                .encodeFunctionCall(),
                        "AbstainMismatch");
            }
            medians(chain, rules, open, result, sign);
        } finally {
            open.forEach(DeltaFile::close);
        }
    }

    /** Scales are counted eight to a word. */
    private static void medians(
            ChainClient chain, SoupRules rules, List<DeltaFile> members, DeltaFile soup, LayoutEntry.Sign sign) {
        List<BigInteger> words =
                members.stream().map(member -> scales(member.scales(sign, 0))).toList();
        BigInteger median = scales(soup.scales(sign, 0));
        chain.read("median", rules.recountMedian(words, median));
        refused(chain, rules, rules.recountMedian(words, median.flipBit(224)).encodeFunctionCall(), "MedianMismatch");
    }

    /** The first eight scales as they are committed to: big-endian. */
    private static BigInteger scales(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(WORD);
        for (int i = 0; i < Math.min(8, values.length); i++) {
            bytes.putFloat(values[i]);
        }
        return new BigInteger(1, bytes.array());
    }

    private static void refused(ChainClient chain, SoupRules rules, String call, String error) {
        assertThatThrownBy(() ->
                        chain.preflight(ANYBODY, rules.getContractAddress(), call, BigInteger.ZERO, "a wrong result"))
                .isInstanceOfSatisfying(
                        RevertedException.class,
                        reverted -> assertThat(reverted.error()).isEqualTo(error));
    }

    /** Coordinates that at least {@code threshold} members voted 1 for. */
    private static BigInteger naive(List<BigInteger> words, int threshold) {
        BigInteger result = BigInteger.ZERO;
        for (int bit = 0; bit < 256; bit++) {
            int ones = 0;
            for (BigInteger word : words) {
                ones += word.testBit(bit) ? 1 : 0;
            }
            if (ones >= threshold) {
                result = result.setBit(bit);
            }
        }
        return result;
    }

    /** 32 bytes of a plane as the contract reads them; past its end there are zeros. */
    private static BigInteger word(MemorySegment plane, long at) {
        byte[] bytes = new byte[WORD];
        long size = Math.min(WORD, plane.byteSize() - at);
        MemorySegment.copy(plane, ValueLayout.JAVA_BYTE, at, bytes, 0, (int) size);
        return new BigInteger(1, bytes);
    }

    private List<Path> members(int count, int rows, int columns, Random random) throws IOException {
        Path base = model("base", rows, columns, new float[rows * columns]);
        List<Path> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] values = new float[rows * columns];
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) random.nextGaussian();
            }
            Path tuned = model("tuned", rows, columns, values);
            Path delta = folder.resolve("member-" + count + "-" + i);
            DeltaCompressor.compress(base, tuned, delta, CompressOptions.defaults(), Progress.NONE);
            members.add(delta);
        }
        return members;
    }

    /** A safetensors file with one matrix. */
    private Path model(String name, int rows, int columns, float[] values) throws IOException {
        byte[] header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]}}"
                .formatted(rows, columns, 4 * values.length)
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(8 + header.length + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        for (float value : values) {
            file.putFloat(value);
        }
        return Files.write(folder.resolve(name), file.array());
    }

    private static SoupRules rules(ChainClient chain) throws IOException {
        chain.rpc("anvil_setBalance", ANYBODY, "0x8ac7230489e80000");
        chain.rpc("anvil_impersonateAccount", ANYBODY);
        String hash = Objects.requireNonNull(chain.web3()
                .ethSendTransaction(new Transaction(
                        ANYBODY,
                        null,
                        null,
                        BigInteger.valueOf(4_000_000),
                        null,
                        null,
                        ContractArtifact.load("SoupRules").bytecode()))
                .send()
                .getTransactionHash());
        // A block is mined a moment after its transaction was taken.
        for (int tries = 0; chain.receipt(hash).isEmpty(); tries++) {
            assertThat(tries).as("tries to get the receipt of %s", hash).isLessThan(500);
            LockSupport.parkNanos(10_000_000);
        }
        String address = chain.receipt(hash).orElseThrow().getContractAddress();
        return SoupRules.load(address, chain.web3(), chain.readOnly(), new DefaultGasProvider());
    }
}
