package io.bitdelta.engine.codec;

/**
 * Where deltas are clamped: the mean of the tensor's deltas plus and minus k population standard deviations.
 *
 * @param low lowest value kept, binary32
 * @param high highest value kept
 */
record ClipRange(float low, float high) {}
