package io.bitdelta.engine.train;

import io.bitdelta.engine.codec.CoreBasis;
import io.bitdelta.engine.model.Projection;
import java.util.List;

/** Which numbers are learnt. */
public sealed interface Method {
    /** What reports call it. */
    String text();

    /** Every weight. */
    record Full() implements Method {
        @Override
        public String text() {
            return "full";
        }
    }

    /**
     * Low-rank factors beside the projections (arXiv 2106.09685).
     *
     * @param rank of the factors, 1 to 1024
     * @param alpha scaling: the product counts {@code alpha / rank}
     * @param targets which projections, at least one
     */
    record Lora(int rank, double alpha, List<Projection> targets) implements Method {
        /** Checks the ranges. */
        public Lora {
            targets = List.copyOf(targets);
            if (rank < 1 || rank > 1024) {
                throw new TrainingOptionException("the rank must be 1 to 1024, not " + rank);
            }
            if (!(alpha > 0) || Double.isInfinite(alpha)) {
                throw new TrainingOptionException("alpha must be a number above 0, not " + alpha);
            }
            if (targets.isEmpty()) {
                throw new TrainingOptionException("name at least one projection to learn");
            }
        }

        @Override
        public String text() {
            return "lora";
        }
    }

    /**
     * Cores over the base's own singular directions (tier P, arXiv 2405.17604).
     *
     * @param rank of the cores, 1 to {@link CoreBasis#MAX_RANK}
     * @param bits per number of a core: 1 to 8, or 16
     */
    record Core(int rank, int bits) implements Method {
        /** Checks the ranges. */
        public Core {
            if (rank < 1 || rank > CoreBasis.MAX_RANK) {
                throw new TrainingOptionException(
                        "the rank of a core must be 1 to " + CoreBasis.MAX_RANK + ", not " + rank);
            }
            if (bits != 16 && (bits < 1 || bits > 8)) {
                throw new TrainingOptionException("a core takes 1 to 8 bits per number, or 16, not " + bits);
            }
        }

        @Override
        public String text() {
            return "core";
        }
    }
}
