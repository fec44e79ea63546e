package io.bitdelta.node.soup.dispute;

/** What a node does about other people's soups. */
public enum AuditMode {
    /** Nothing. */
    OFF,
    /** Recounts them and says what is wrong. */
    WATCH,
    /** Also slashes and challenges, with bonds of the node's account. */
    CHALLENGE
}
