/** HTTP operations on the content store. */
@NullMarked
package io.bitdelta.node.api.store;

import org.jspecify.annotations.NullMarked;
