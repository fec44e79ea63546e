/** Running independent pieces of one job on a fixed number of threads. Entry: {@link io.bitdelta.engine.work.Workers}. */
@NullMarked
package io.bitdelta.engine.work;

import org.jspecify.annotations.NullMarked;
