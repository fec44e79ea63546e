package io.bitdelta.node.cli.store;

import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.kernel.Sha256Kernel;
import io.bitdelta.ipfs.cid.Sha256Batch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Lends the engine's vector kernel to the content store: a chunk in each lane, where the machine has wide vectors and no
 * instruction for SHA-256.
 */
public final class LaneSha256 implements Sha256Batch {
    /** Compiling the kernel takes longer than it saves on less. */
    private static final long WORTH_WARMING = 512L << 20;
    /** The platform's function is faster than a kernel with fewer lanes in use. */
    private static final int LANES_TO_WIN = 5;

    private static final long LARGEST_CHUNK = 1L << 20;

    private static final int[] INITIAL = {
        0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19
    };

    private final Supplier<Sha256Kernel> kernels;
    private final int lanes;

    LaneSha256(Supplier<Sha256Kernel> kernels) {
        this.kernels = kernels;
        this.lanes = kernels.get().lanes();
    }

    /** The kernel where it is faster on this machine, else the platform's function. */
    public static Sha256Batch whereFaster() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()
                ? PLATFORM
                : KernelProvider.sha256().<Sha256Batch>map(LaneSha256::new).orElse(PLATFORM);
    }

    /** As {@link #whereFaster}, for so many bytes in all; every thread holds a chunk per lane, so not where memory is short. */
    static Sha256Batch forBytes(long bytes, int threads) {
        Sha256Batch faster = bytes < WORTH_WARMING ? PLATFORM : whereFaster();
        boolean fits = (long) threads * faster.atOnce() * LARGEST_CHUNK
                <= Runtime.getRuntime().maxMemory() / 2;
        return fits ? faster : PLATFORM;
    }

    @Override
    public int atOnce() {
        return lanes;
    }

    @Override
    public List<byte[]> hash(List<byte[]> messages) {
        List<byte[]> hashes = new ArrayList<>(messages.size());
        for (int from = 0; from < messages.size(); from += lanes) {
            List<byte[]> group = messages.subList(from, Math.min(messages.size(), from + lanes));
            int bytes = group.getFirst().length;
            boolean together = group.size() >= LANES_TO_WIN && group.stream().allMatch(each -> each.length == bytes);
            hashes.addAll(together ? together(group, bytes) : PLATFORM.hash(group));
        }
        return hashes;
    }

    /** Messages of the same length; lanes without one repeat the first. */
    private List<byte[]> together(List<byte[]> group, int bytes) {
        int[] state = new int[Sha256Kernel.WORDS * lanes];
        for (int word = 0; word < INITIAL.length; word++) {
            Arrays.fill(state, word * lanes, (word + 1) * lanes, INITIAL[word]);
        }
        byte[][] whole = new byte[lanes][];
        byte[][] ends = new byte[lanes][];
        for (int lane = 0; lane < lanes; lane++) {
            whole[lane] = group.get(lane < group.size() ? lane : 0);
            ends[lane] = end(whole[lane]);
        }
        Sha256Kernel kernel = kernels.get();
        kernel.compress(state, whole, bytes / Sha256Kernel.BLOCK);
        kernel.compress(state, ends, ends[0].length / Sha256Kernel.BLOCK);
        List<byte[]> hashes = new ArrayList<>(group.size());
        for (int lane = 0; lane < group.size(); lane++) {
            ByteBuffer hash = ByteBuffer.allocate(Sha256Kernel.WORDS * Integer.BYTES);
            for (int word = 0; word < Sha256Kernel.WORDS; word++) {
                hash.putInt(state[word * lanes + lane]);
            }
            hashes.add(hash.array());
        }
        return hashes;
    }

    /** What is left behind the whole blocks, a one bit, and the length in bits in the last eight bytes. */
    private static byte[] end(byte[] message) {
        int left = message.length % Sha256Kernel.BLOCK;
        int blocks = left + 1 + Long.BYTES <= Sha256Kernel.BLOCK ? 1 : 2;
        ByteBuffer end = ByteBuffer.allocate(blocks * Sha256Kernel.BLOCK);
        end.put(message, message.length - left, left).put((byte) 0x80);
        end.putLong(end.capacity() - Long.BYTES, (long) message.length * Byte.SIZE);
        return end.array();
    }
}
