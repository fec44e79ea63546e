package io.bitdelta.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
    private static List<Hash32> leaves(int count) {
        List<Hash32> leaves = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leaves.add(Keccak256.hash(new byte[] {(byte) i, (byte) (i >> 8)}));
        }
        return leaves;
    }

    /** The definition, as the formats state it: fill with zeros to a power of two, hash pairs. */
    private static Hash32 byDefinition(List<Hash32> leaves) {
        if (leaves.isEmpty()) {
            return Hash32.ZERO;
        }
        List<Hash32> level = new ArrayList<>(leaves);
        level.addAll(Collections.nCopies((1 << MerkleTree.depth(leaves.size())) - leaves.size(), Hash32.ZERO));
        while (level.size() > 1) {
            List<Hash32> above = new ArrayList<>();
            for (int i = 0; i < level.size(); i += 2) {
                above.add(Keccak256.hash(level.get(i).bytes(), level.get(i + 1).bytes()));
            }
            level = above;
        }
        return level.getFirst();
    }

    @Property(tries = 200)
    void theStreamedRootIsTheDefinedOne(@ForAll @IntRange(max = 300) int count) {
        assertThat(MerkleTree.root(leaves(count))).isEqualTo(byDefinition(leaves(count)));
    }

    @Property(tries = 200)
    void everyProofVerifiesAndOnlyAtItsPlace(
            @ForAll @IntRange(min = 1, max = 100) int count, @ForAll @IntRange(max = 99) int seed) {
        List<Hash32> leaves = leaves(count);
        int index = seed % count;
        Hash32 root = MerkleTree.root(leaves);
        List<Hash32> proof = MerkleTree.proof(leaves, index);
        assertThat(MerkleTree.verify(root, count, index, leaves.get(index), proof))
                .isTrue();
        assertThat(MerkleTree.verify(root, count, count, leaves.get(index), proof))
                .isFalse();
        assertThat(MerkleTree.verify(root, count, index, Hash32.ZERO, proof)).isFalse();
        for (int other = 0; other < count; other++) {
            if (other != index) {
                assertThat(MerkleTree.verify(root, count, other, leaves.get(index), proof))
                        .isFalse();
            }
        }
        List<Hash32> longer = new ArrayList<>(proof);
        longer.add(Hash32.ZERO);
        assertThat(MerkleTree.verify(root, count, index, leaves.get(index), longer))
                .isFalse();
    }

    /** Known answers of the original Keccak submission's 256-bit hash. */
    @Test
    void keccakGivesItsKnownAnswers() {
        assertThat(Keccak256.hash().hex())
                .isEqualTo("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
        assertThat(Keccak256.hash("abc".getBytes(StandardCharsets.US_ASCII)).hex())
                .isEqualTo("0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    }

    @Property(tries = 300)
    void keccakDoesNotDependOnHowTheMessageIsCut(@ForAll byte[] message, @ForAll @IntRange(max = 1000) int cut) {
        int at = message.length == 0 ? 0 : cut % message.length;
        Keccak256 keccak = new Keccak256();
        keccak.update(message, 0, at).update(message, at, message.length - at);
        assertThat(keccak.finish()).isEqualTo(Keccak256.hash(message));
    }

    @Property(tries = 200)
    void descendantsHashUpToTheirNode(
            @ForAll @IntRange(min = 1, max = 100) int count, @ForAll @IntRange(max = 6) int down) {
        List<Hash32> leaves = leaves(count);
        int depth = MerkleTree.depth(count);
        for (int level = Math.min(down, depth); level <= depth; level++) {
            int steps = Math.min(down, level);
            for (long index = 0; index < 1L << (depth - level); index++) {
                List<Hash32> below = MerkleTree.descendants(leaves, level, index, steps);
                assertThat(below).hasSize(1 << steps);
                assertThat(MerkleTree.descendants(leaves, level, index, 0)).containsExactly(byDefinition(below));
            }
        }
        assertThat(MerkleTree.descendants(leaves, depth, 0, 0)).containsExactly(MerkleTree.root(leaves));
    }
}
