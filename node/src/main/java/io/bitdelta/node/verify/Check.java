package io.bitdelta.node.verify;

/**
 * One thing that was checked.
 *
 * @param name what, e.g. {@code deltaRoot}
 * @param ok whether it holds
 * @param detail what was compared
 */
public record Check(String name, boolean ok, String detail) {}
