package io.bitdelta.engine.soup;

/** How members' bits become the soup's. */
public enum SoupRule {
    /** The sign of most members; a tie is 1. */
    MAJORITY(1),
    /** As majority, and abstain where Byzantine members could have turned the vote. */
    CERTIFIED(2);

    private final int code;

    SoupRule(int code) {
        this.code = code;
    }

    /** The number of the rule in a soup's header. */
    public int code() {
        return code;
    }
}
