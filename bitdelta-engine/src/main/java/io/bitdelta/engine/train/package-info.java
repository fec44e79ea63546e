/**
 * Fine-tuning: full, low-rank or tier-P cores, plain or differentially private, from text or chats, with checkpoints that a
 * later run continues bit for bit.
 *
 * <p>Entry type: {@link io.bitdelta.engine.train.Trainer}. Sources: AdamW (arXiv 1711.05101), cosine schedule (1608.03983),
 * LoRA (2106.09685), LoRA-XS (2405.17604), DP-SGD (1607.00133).
 *
 * <p>Invariants: the same base, text, options and number of threads give the same bytes, also when a run was cut off and
 * continued (private runs excepted: their noise must not be repeatable); parameters, moments and gradients belong to Java,
 * PyTorch computes gradients only; outputs appear whole or not at all.
 */
@NullMarked
package io.bitdelta.engine.train;

import org.jspecify.annotations.NullMarked;
