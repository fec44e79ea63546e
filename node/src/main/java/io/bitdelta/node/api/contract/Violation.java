package io.bitdelta.node.api.contract;

/**
 * Where a value breaks its schema.
 *
 * @param pointer JSON pointer into the value; empty for the value itself
 * @param detail what is wrong
 */
public record Violation(String pointer, String detail) {}
