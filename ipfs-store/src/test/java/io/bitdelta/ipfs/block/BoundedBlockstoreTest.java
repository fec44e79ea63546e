package io.bitdelta.ipfs.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.ipfs.Pattern;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class BoundedBlockstoreTest {
    @Property(tries = 200)
    void neverHoldsMoreThanItMayAndOnlyWhatWasPut(
            @ForAll @Size(max = 60) List<@IntRange(max = 400) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 900) int max)
            throws Exception {
        BoundedBlockstore cache = new BoundedBlockstore(max);
        Set<Block> put = new HashSet<>();
        for (int size : sizes) {
            Block block = Block.raw(Pattern.bytes(size));
            cache.put(block);
            put.add(block);
            assertThat(cache.storedBytes()).isLessThanOrEqualTo(max);
            assertThat(cache.has(block.cid())).isEqualTo(size <= max);
        }
        long total = 0;
        for (var cid : cache.cids().toList()) {
            Block block = cache.require(cid);
            assertThat(put).contains(block);
            total += block.size();
        }
        assertThat(cache.storedBytes()).isEqualTo(total);
        for (var cid : cache.cids().toList()) {
            assertThat(cache.delete(cid)).isPresent();
        }
        assertThat(cache.storedBytes()).isZero();
    }

    @Test
    void whatWasUsedLastStaysLongest() throws Exception {
        BoundedBlockstore cache = new BoundedBlockstore(300);
        Block first = Block.raw(Pattern.bytes(100));
        Block second = Block.raw(Pattern.bytes(101));
        cache.put(first);
        cache.put(second);
        assertThat(cache.get(first.cid())).contains(first);
        cache.put(Block.raw(Pattern.bytes(102)));
        assertThat(cache.has(first.cid())).isTrue();
        assertThat(cache.has(second.cid())).isFalse();
        assertThat(cache.get(second.cid())).isEmpty();
    }

    @Test
    void aCacheOfNothingIsRefused() {
        assertThatThrownBy(() -> new BoundedBlockstore(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
