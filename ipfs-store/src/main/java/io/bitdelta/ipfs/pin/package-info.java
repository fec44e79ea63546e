/**
 * What is to be kept, and proof that it is: pins, garbage collection and scrubbing.
 *
 * <p>Entries: {@link io.bitdelta.ipfs.pin.Pins}, {@link io.bitdelta.ipfs.pin.Scrub},
 * {@link io.bitdelta.ipfs.pin.GarbageCollector}, {@link io.bitdelta.ipfs.pin.PublicContent}. Invariants: a pin is on disk
 * whole or not at all and its file proves its own integrity; content is pinned only after its blocks are durable; nothing
 * that hangs under a pin is ever collected; only what hangs under a public pin is public.
 */
@NullMarked
package io.bitdelta.ipfs.pin;

import org.jspecify.annotations.NullMarked;
