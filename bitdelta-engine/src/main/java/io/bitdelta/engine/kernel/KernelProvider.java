package io.bitdelta.engine.kernel;

import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the kernels of this process, once: the vector ones where the incubator module is there and the machine has
 * vectors of at least 128 bits, else the scalar ones, with the reason in the log. {@code -Dbitdelta.kernels=scalar}
 * forces the latter.
 */
public final class KernelProvider {
    private static final Logger LOG = LoggerFactory.getLogger(KernelProvider.class);

    private record Chosen(WeightKernels weights, KeccakKernel keccak) {}

    private static final Chosen CHOSEN = choose();

    private KernelProvider() {}

    /** The kernels to use. */
    public static WeightKernels kernels() {
        return CHOSEN.weights();
    }

    /** The hash kernel to use. */
    public static KeccakKernel keccak() {
        return CHOSEN.keccak();
    }

    /** The reference kernels, for comparison. */
    public static WeightKernels scalar() {
        return new ScalarKernels();
    }

    private static Chosen choose() {
        Optional<String> refusal = refusal();
        if (refusal.isPresent()) {
            LOG.warn("Using scalar kernels, several times slower: {}", refusal.get());
            return new Chosen(new ScalarKernels(), new ScalarKeccak());
        }
        Chosen chosen = new Chosen(new VectorKernels(), new VectorKeccak());
        LOG.debug("Using {} kernels", chosen.weights().name());
        return chosen;
    }

    private static Optional<String> refusal() {
        if ("scalar".equals(System.getProperty("bitdelta.kernels"))) {
            return Optional.of("-Dbitdelta.kernels=scalar asks for them");
        }
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return Optional.of("start Java with --add-modules jdk.incubator.vector");
        }
        int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        return bits < 128
                ? Optional.of("this machine's vectors have " + bits + " bits, 128 are needed")
                : Optional.empty();
    }
}
