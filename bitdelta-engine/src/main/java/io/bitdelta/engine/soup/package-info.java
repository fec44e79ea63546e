/**
 * Mixing deltas by vote, and the records that a contract keeps of a soup (FORMATS section 7).
 *
 * <p>Entry types: {@link io.bitdelta.engine.soup.MajoritySoup} mixes, {@link io.bitdelta.engine.soup.SoupHeader} is what
 * is proposed on chain. Invariants: the result does not depend on the order in which members are named; a tie votes for
 * bit 1; the Byzantine bound is a count of members.
 */
@NullMarked
package io.bitdelta.engine.soup;

import org.jspecify.annotations.NullMarked;
