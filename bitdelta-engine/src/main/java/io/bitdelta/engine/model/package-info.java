/**
 * Causal language models of the Qwen and Llama families, straight from a Hugging Face folder.
 *
 * <p>Entry types: {@link io.bitdelta.engine.model.ModelWeights} (configuration and memory-mapped weights, checked against
 * each other), {@link io.bitdelta.engine.model.TextTokenizer} and {@link io.bitdelta.engine.model.CausalLm} (tokens to
 * logits).
 *
 * <p>Invariants: every tensor that the configuration asks for is there with its shape, and no tensor is there that the
 * forward pass would ignore; weights are read where they are mapped, never copied as a whole; the native tokenizer is
 * loaded by {@code TextTokenizer} alone. Shapes are row-major, [out, in] for projections. Architecture: Touvron et al.,
 * arXiv 2302.13971; grouped queries: 2305.13245; rotary positions: 2104.09864; normalised queries and keys: 2505.09388.
 */
@NullMarked
package io.bitdelta.engine.model;

import org.jspecify.annotations.NullMarked;
