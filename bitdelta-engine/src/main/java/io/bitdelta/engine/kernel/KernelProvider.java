package io.bitdelta.engine.kernel;

/** Chooses the kernels of this process, once. */
public final class KernelProvider {
    private static final WeightKernels CHOSEN = new ScalarKernels();

    private KernelProvider() {}

    /** The kernels to use. */
    public static WeightKernels kernels() {
        return CHOSEN;
    }
}
