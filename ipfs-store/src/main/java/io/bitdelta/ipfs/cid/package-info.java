/**
 * Content identifiers.
 */
@NullMarked
package io.bitdelta.ipfs.cid;

import org.jspecify.annotations.NullMarked;
