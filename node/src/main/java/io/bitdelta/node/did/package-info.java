/**
 * DIDs: who an account is, now and at any earlier time, and how its owner changes that.
 *
 * <p>Entry: {@link io.bitdelta.node.did.DidResolver} answers by the rules of W3C DID Resolution from the index alone;
 * {@link io.bitdelta.node.did.DidChanges} rotates owners and sets delegates and attributes with the owner's signature. Every
 * account has a DID from the beginning, so only one of another chain can be unknown.
 */
@NullMarked
package io.bitdelta.node.did;

import org.jspecify.annotations.NullMarked;
