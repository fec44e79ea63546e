package io.bitdelta.node.soup.dispute;

/**
 * Something for which the contract slashes a soup at once, without asking its proposer.
 *
 * @param what for people
 * @param calldata of the slash
 */
public record Offence(String what, String calldata) {}
