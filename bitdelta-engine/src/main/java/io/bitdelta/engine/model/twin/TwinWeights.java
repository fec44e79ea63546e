package io.bitdelta.engine.model.twin;

import ai.djl.ndarray.NDArray;

/** The weights that a step computes with. */
public interface TwinWeights {
    /** A tensor of the model, by its checkpoint name. */
    NDArray weight(String name);

    /**
     * A linear map.
     *
     * @param input [..., in]
     * @param name of a matrix [out, in]
     * @return [..., out]
     */
    default NDArray project(NDArray input, String name) {
        return input.matMul(weight(name).transpose());
    }
}
