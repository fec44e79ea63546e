package io.bitdelta.engine.model.twin;

import java.util.List;

/** Where the twin's weights come from, and which numbers behind them are learnt. */
public interface Variant {
    /** The numbers that are learnt, in a fixed order. */
    List<FloatBlock> parameters();

    /** Called when the parameters have changed, before the next step: what follows from them is made anew. */
    default void prepare() {}

    /** The weights for one step. */
    TwinWeights bind(Step step);
}
