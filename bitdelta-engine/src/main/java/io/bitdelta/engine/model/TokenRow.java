package io.bitdelta.engine.model;

import org.jspecify.annotations.Nullable;

/**
 * One token of a batch. Rows that share a cache are consecutive positions of one sequence, in order.
 *
 * @param token the token
 * @param cache the sequence that it continues
 * @param delta whose model it is; null for the base
 */
public record TokenRow(int token, KvCache cache, @Nullable DeltaWeights delta) {}
