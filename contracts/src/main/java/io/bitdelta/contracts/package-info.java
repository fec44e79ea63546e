/**
 * Generated bindings of the contracts.
 */
@NullMarked
package io.bitdelta.contracts;

import org.jspecify.annotations.NullMarked;
