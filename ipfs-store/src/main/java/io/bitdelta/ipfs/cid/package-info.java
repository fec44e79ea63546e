/**
 * Content identifiers: a codec and a hash that name bytes.
 *
 * <p>Entry: {@link io.bitdelta.ipfs.cid.Cid}. Every text or byte form has exactly one accepted encoding (minimal varints,
 * zero padding bits), so equal identifiers have equal bytes. Hashes are SHA-256, or the identity hash for inlined data of
 * at most {@link io.bitdelta.ipfs.cid.Cid#MAX_IDENTITY_BYTES} bytes.
 *
 * <p>Sources: the multiformats specifications of CID, multihash, multibase and unsigned-varint; RFC 4648 for base32.
 */
@NullMarked
package io.bitdelta.ipfs.cid;

import org.jspecify.annotations.NullMarked;
