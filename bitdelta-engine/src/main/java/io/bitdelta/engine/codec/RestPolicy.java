package io.bitdelta.engine.codec;

/** What becomes of the changed tensors that are not 1-bit by default: embeddings, head, norms, biases. */
public enum RestPolicy {
    /** They are stored as they are. */
    FULL,
    /** They stay as in the base; the delta forgets their change. */
    BASE,
    /** They become signs and scales as well. */
    ONEBIT
}
