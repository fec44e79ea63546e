package io.bitdelta.engine.train;

/** Is told how a training goes. */
@FunctionalInterface
public interface TrainingWatch {
    /** Nobody watches. */
    TrainingWatch NONE = (step, steps, loss) -> {};

    /**
     * A step is done.
     *
     * @param step how many are done, from 1
     * @param steps how many there will be at most
     * @param loss of this step, in nats per token; for the eyes of whoever owns the text
     */
    void stepped(int step, int steps, double loss);
}
