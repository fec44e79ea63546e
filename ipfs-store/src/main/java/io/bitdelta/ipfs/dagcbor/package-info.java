/**
 * DAG-CBOR, as far as following links and paths needs it.
 *
 * <p>Entry: {@link io.bitdelta.ipfs.dagcbor.CborNode}. Invariants: definite lengths and shortest integers only, text keys
 * without repetition, tag 42 only, bounded depth; memory is proportional to the input.
 *
 * <p>Sources: RFC 8949; the IPLD DAG-CBOR specification.
 */
@NullMarked
package io.bitdelta.ipfs.dagcbor;

import org.jspecify.annotations.NullMarked;
