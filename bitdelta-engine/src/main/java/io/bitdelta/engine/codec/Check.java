package io.bitdelta.engine.codec;

/**
 * One thing that was checked.
 *
 * @param name what
 * @param ok whether it holds
 * @param detail the value found, or what is wrong and where
 */
public record Check(String name, boolean ok, String detail) {}
