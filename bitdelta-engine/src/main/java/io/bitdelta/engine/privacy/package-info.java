/**
 * What private training costs: an accountant, the noise for a target, a budget that is never overspent, and the statement
 * that goes into a manifest.
 *
 * <p>Entry types: {@link io.bitdelta.engine.privacy.GaussianAccountant} counts, {@link
 * io.bitdelta.engine.privacy.BudgetLedger} remembers, {@link io.bitdelta.engine.privacy.PrivacyStatement} declares. The
 * mechanism is the Poisson-subsampled Gaussian of DP-SGD (arXiv 1607.00133), accounted in Renyi differential privacy (arXiv
 * 1908.10530).
 *
 * <p>Invariants: an epsilon is an upper bound, rounded up wherever it is rounded; a budget is charged, durably, before
 * anything that was learnt from the data is written.
 */
@NullMarked
package io.bitdelta.engine.privacy;

import org.jspecify.annotations.NullMarked;
