package io.bitdelta.node.chain.endpoint;

/**
 * An endpoint as it was at the last check.
 *
 * @param name its address without path and query, which may hold a key
 * @param health what the pool thinks of it
 * @param head its newest block, -1 when unknown
 * @param reason why it is not good; empty when it is
 * @param chosen whether requests go to it
 */
public record EndpointState(String name, Health health, long head, String reason, boolean chosen) {}
