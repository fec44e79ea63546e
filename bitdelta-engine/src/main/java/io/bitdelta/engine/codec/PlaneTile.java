package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.WeightKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One tile on its way through the residual passes: the terms of plane p are the deltas (clamped, when asked), less the
 * stored scales of the planes before, each with the sign that plane gave. Only plane 0's signs are of unclamped deltas.
 */
final class PlaneTile {
    /** Elements of a tile; equal to the block of the sums, so that a tile never holds parts of more than two blocks. */
    static final int SIZE = WeightKernels.BLOCK;

    private final SignJob job;
    private final MemorySegment tile;
    private final MemorySegment firstSigns;

    PlaneTile(SignJob job, Arena arena) {
        this.job = job;
        this.tile = arena.allocate((long) SIZE * Float.BYTES, 64);
        this.firstSigns = arena.allocate(SIZE / 8, 64);
    }

    /** The terms, as binary32. */
    MemorySegment segment() {
        return tile;
    }

    /**
     * Loads elements, takes the residuals of the planes before {@code plane}, and packs this plane's signs.
     *
     * @param earlier subtracts one earlier plane
     */
    void pass(long flat, int count, int plane, EarlierPlane earlier, EntryAppender signs) {
        WeightKernels kernels = job.kernels();
        job.load(flat, count, tile);
        ClipRange clip = job.clip();
        if (plane > 0) {
            if (clip == null) {
                earlier.subtract(0, tile, count, null);
            } else {
                kernels.signs(tile, count, firstSigns, 0);
                kernels.clamp(tile, 0, count, clip.low(), clip.high());
                earlier.subtract(0, tile, count, firstSigns);
            }
            for (int p = 1; p < plane; p++) {
                earlier.subtract(p, tile, count, null);
            }
        }
        kernels.signs(tile, count, signs.buffer(), signs.reserve((count + 7) >> 3));
        if (plane == 0 && clip != null) {
            kernels.clamp(tile, 0, count, clip.low(), clip.high());
        }
    }

    /** Knows the scales of the earlier planes. */
    @FunctionalInterface
    interface EarlierPlane {
        /**
         * Takes one earlier plane's scales off a tile.
         *
         * @param signs the signs to use, packed; null to use those of the tile itself
         */
        void subtract(int plane, MemorySegment tile, int count, @Nullable MemorySegment signs);
    }
}
