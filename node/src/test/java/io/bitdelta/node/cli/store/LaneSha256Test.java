package io.bitdelta.node.cli.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.ipfs.cid.Sha256Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class LaneSha256Test {
    private final LaneSha256 lanes = new LaneSha256(KernelProvider.vectorSha256());

    @Property(tries = 60)
    void messagesOfOneLengthHashAsThePlatformHashesThem(
            @ForAll @IntRange(min = 1, max = 40) int messages,
            @ForAll @IntRange(max = 300) int bytes,
            @ForAll Random random) {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            byte[] message = new byte[bytes];
            random.nextBytes(message);
            all.add(message);
        }
        assertThat(lanes.hash(all)).containsExactlyElementsOf(Sha256Batch.PLATFORM.hash(all));
    }

    @Property(tries = 60)
    void messagesOfManyLengthsHashAsThePlatformHashesThem(@ForAll List<byte[]> messages) {
        assertThat(lanes.hash(messages)).containsExactlyElementsOf(Sha256Batch.PLATFORM.hash(messages));
    }
}
