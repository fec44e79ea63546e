/**
 * Calibration: the signs of a delta stay, its scales are fitted so that the model behaves as the fine-tune does, or predicts
 * a text better (arXiv 2402.10193, section 3.2; per axis 2512.19720).
 *
 * <p>Entry type: {@link io.bitdelta.engine.calibrate.Calibrator}.
 *
 * <p>Invariants: only scales differ between the delta that comes in and the one that goes out, which says {@code
 * "scales":"calibrated"}; the same inputs and number of threads give the same bytes; the text is a training text, a part of
 * it is held out and decides when to stop.
 */
@NullMarked
package io.bitdelta.engine.calibrate;

import org.jspecify.annotations.NullMarked;
