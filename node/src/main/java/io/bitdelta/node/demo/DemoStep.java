package io.bitdelta.node.demo;

/**
 * One step of the story.
 *
 * @param name what was done
 * @param ok whether it worked
 * @param detail hashes, CIDs, transactions, gas
 * @param seconds how long it took
 */
public record DemoStep(String name, boolean ok, String detail, double seconds) {}
