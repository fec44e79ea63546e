package io.bitdelta.engine.commit;

import io.bitdelta.engine.kernel.Sha256Kernel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/** One message on its way through a lane: its whole blocks, then the padded rest. */
final class Sha256Lane {
    /** Bytes taken at a time: those of 16 lanes stay in the second-level cache. */
    static final int STEP = 4096;

    private static final int[] INITIAL = {
        0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19
    };
    private static final int LENGTH_BYTES = Long.BYTES;

    private final int message;
    private final MemorySegment bytes;
    private final long wholeBlocks;
    private final byte[] rest;
    private long block;

    Sha256Lane(int message, MemorySegment bytes) {
        this.message = message;
        this.bytes = bytes;
        this.wholeBlocks = bytes.byteSize() / Sha256Kernel.BLOCK;
        int tail = (int) (bytes.byteSize() % Sha256Kernel.BLOCK);
        boolean fits = tail + 1 + LENGTH_BYTES <= Sha256Kernel.BLOCK;
        this.rest = new byte[(fits ? 1 : 2) * Sha256Kernel.BLOCK];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, wholeBlocks * Sha256Kernel.BLOCK, rest, 0, tail);
        rest[tail] = (byte) 0x80;
        ByteBuffer.wrap(rest).putLong(rest.length - LENGTH_BYTES, bytes.byteSize() * Byte.SIZE);
    }

    static void start(int[] state, int lane, int lanes) {
        for (int word = 0; word < INITIAL.length; word++) {
            state[word * lanes + lane] = INITIAL[word];
        }
    }

    static Hash32 finish(int[] state, int lane, int lanes) {
        ByteBuffer hash = ByteBuffer.allocate(Hash32.SIZE);
        for (int word = 0; word < INITIAL.length; word++) {
            hash.putInt(state[word * lanes + lane]);
        }
        return Hash32.of(hash.array());
    }

    /** Which message this is. */
    int message() {
        return message;
    }

    long blocksLeft() {
        return wholeBlocks + rest.length / Sha256Kernel.BLOCK - block;
    }

    /** The next blocks, at most as many as are left. */
    void read(byte[] into, int blocks) {
        int fromBytes = (int) Math.min(blocks, Math.max(0, wholeBlocks - block));
        MemorySegment.copy(
                bytes,
                ValueLayout.JAVA_BYTE,
                Math.min(block, wholeBlocks) * Sha256Kernel.BLOCK,
                into,
                0,
                fromBytes * Sha256Kernel.BLOCK);
        if (fromBytes < blocks) {
            int from = (int) (block + fromBytes - wholeBlocks) * Sha256Kernel.BLOCK;
            System.arraycopy(
                    rest, from, into, fromBytes * Sha256Kernel.BLOCK, (blocks - fromBytes) * Sha256Kernel.BLOCK);
        }
        block += blocks;
    }
}
