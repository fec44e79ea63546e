@NullMarked
package io.bitdelta.contracts.artifact;

import org.jspecify.annotations.NullMarked;
