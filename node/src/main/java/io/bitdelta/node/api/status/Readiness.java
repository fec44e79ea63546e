package io.bitdelta.node.api.status;

/** Looks whether one thing that the node needs is there. Blocking. */
public interface Readiness {
    /** What is looked at, one word. */
    String name();

    /**
     * Looks.
     *
     * @return what was found, in a few words
     * @throws Exception when it is not there
     */
    String look() throws Exception;
}
