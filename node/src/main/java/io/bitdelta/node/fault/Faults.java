package io.bitdelta.node.fault;

/** Told whenever a {@link FaultPoint} is passed. A running node uses {@link #NONE}, which costs an empty call. */
@FunctionalInterface
public interface Faults {
    /** Does nothing. */
    Faults NONE = point -> {};

    /** Called by the thread that passes {@code point}; whatever it throws ends the work there, as a crash would. */
    void reach(FaultPoint point);
}
