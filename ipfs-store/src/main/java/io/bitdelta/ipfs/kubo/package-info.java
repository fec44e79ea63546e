/**
 * A client of the Kubo RPC API, for a daemon that keeps content beside or instead of the embedded store.
 *
 * <p>Entries: {@link io.bitdelta.ipfs.kubo.KuboClient}, and {@link io.bitdelta.ipfs.kubo.KuboBlockstore}, the daemon seen
 * as a store. Invariants: imports are done here and sent as archives, so the daemon cannot choose another identifier;
 * every block that comes back is verified; every call has a time limit and is safe to repeat.
 *
 * <p>Source: the Kubo RPC API reference. Tested against js-ipfs, which implements the same API.
 */
@NullMarked
package io.bitdelta.ipfs.kubo;

import org.jspecify.annotations.NullMarked;
