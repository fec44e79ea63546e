package io.bitdelta.node.chain.endpoint;

/** What the pool thinks of an endpoint. */
public enum Health {
    /** Answers, and agrees with the others. */
    GOOD,
    /** Answers, but is behind the others. */
    LAGGING,
    /** Does not answer. */
    FAILING,
    /** Answers for another chain. */
    WRONG_CHAIN,
    /** Tells another history than most of the others, or than it told before. */
    LYING,
    /** Tells another history than an equal number of others: nobody can tell who is right. */
    DISPUTED;

    /** Whether requests may go to it at all, if nothing better is there. */
    boolean usable() {
        return this == GOOD || this == LAGGING || this == FAILING || this == DISPUTED;
    }
}
