package io.bitdelta.engine.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

    private static final Path CPU = Path.of("/proc/cpuinfo");

    private record Chosen(
            WeightKernels weights,
            MatrixKernels matrices,
            KeccakKernel keccak,
            Optional<Supplier<Sha256Kernel>> sha256) {}

    private static final Chosen CHOSEN = choose();

    private KernelProvider() {}

    /** The kernels to use. */
    public static WeightKernels kernels() {
        return CHOSEN.weights();
    }

    /** The kernels of the forward pass to use. */
    public static MatrixKernels matrices() {
        return CHOSEN.matrices();
    }

    /** The hash kernel to use. */
    public static KeccakKernel keccak() {
        return CHOSEN.keccak();
    }

    /**
     * Makes kernels that hash several messages at a time, each for one thread; empty where the platform's own SHA-256 is
     * as fast on one message: it has an instruction for it, or its vectors are short.
     */
    public static Optional<Supplier<Sha256Kernel>> sha256() {
        return CHOSEN.sha256();
    }

    /** The lane kernels even where they are not faster; they need the incubator module. */
    public static Supplier<Sha256Kernel> vectorSha256() {
        return VectorSha256::new;
    }

    /** The reference kernels, for comparison. */
    public static WeightKernels scalar() {
        return new ScalarKernels();
    }

    /** The reference kernels of the forward pass, for comparison. */
    public static MatrixKernels scalarMatrices() {
        return new ScalarMatrixKernels();
    }

    private static Chosen choose() {
        Optional<String> refusal = refusal();
        if (refusal.isPresent()) {
            LOG.warn("Using scalar kernels, several times slower: {}", refusal.get());
            return new Chosen(new ScalarKernels(), new ScalarMatrixKernels(), new ScalarKeccak(), Optional.empty());
        }
        boolean lanes = FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 256 && !hasShaInstruction();
        Chosen chosen = new Chosen(
                new VectorKernels(),
                new VectorMatrixKernels(),
                new VectorKeccak(),
                lanes ? Optional.of(VectorSha256::new) : Optional.empty());
        LOG.debug(
                "Using {} kernels, SHA-256 {}",
                chosen.weights().name(),
                lanes ? "of several messages at a time" : "of the platform");
        return chosen;
    }

    /** Java does not tell; Linux does. Where nobody tells, the platform is trusted to be fast. */
    private static boolean hasShaInstruction() {
        try (Stream<String> lines = Files.lines(CPU)) {
            Optional<String> flags =
                    lines.filter(line -> line.startsWith("flags")).findFirst();
            return flags.isEmpty() || List.of(flags.get().split("\\s+")).contains("sha_ni");
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("Using the platform's SHA-256: {} does not say what the processor has", CPU, e);
            return true;
        }
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
